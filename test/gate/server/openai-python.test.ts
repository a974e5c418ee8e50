// The official Python client over every endpoint, against a gate with keys.
import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { KeyFileBook } from "../../../src/gate/server/keys/key-book.ts";
import { runInProcess } from "../../cli/run-in-process.ts";
import { testGate } from "../../support/gate.ts";
import { pythonWith } from "../../support/python.ts";
import { chatChunk, EVENTS, scriptedUpstream, sensible } from "../../support/scripted-upstream.ts";

const python = pythonWith("openai==3.57.0");

it.skipIf(python === null)("the Python client gets what the JavaScript one gets", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "ajar-python-client-")), "keys.json");
  const key = (await runInProcess(["key", "create", "--keys", file])).stdout.trim();
  const book = new KeyFileBook({ file, clock: () => new Date() });
  const upstream = await scriptedUpstream((seen, json) =>
    seen.body.includes('"break"') ? { headers: EVENTS, parts: [chatChunk({ content: "one" }), 20, "break"] } : sensible(seen, json),
  );
  const gate = await testGate({ upstream: upstream.url, keys: book });
  const script = join(import.meta.dirname, "openai_client.py");
  const { stdout } = await promisify(execFile)(python ?? "", [script, `${gate.url}/v1`, key], { timeout: 60_000 });
  book.close();
  await gate.close();
  await upstream.close();
  expect(JSON.parse(stdout)).toEqual({
    chat: ["Hello 世界", "Hello 世界"],
    logprob: "Hello",
    usage: 5,
    "chat stream": ["Hello 世界", "Hello 世界"],
    "stream usage": 5,
    completion: "Hello 世界",
    "completion stream": "Hello 世界",
    response: "Hello 世界",
    "response stream": "Hello 世界",
    embeddings: [
      [0.25, -0.5, 1],
      [0.25, -0.5, 1],
    ],
    models: ["tern"],
    model: "tern",
    "unknown model": ["NotFoundError", 404, "model_not_found", "model"],
    "unknown endpoint": ["NotFoundError", 404, "unknown_endpoint", null],
    "wrong key": ["AuthenticationError", 401, "invalid_api_key", null],
    "broken stream": "upstream_error",
  });
});
