import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, test } from "vitest";
import { openDoorBook } from "../../../src/gate/doors/book.ts";
import { FolderStore } from "../../../src/gate/doors/folder-store.ts";
import { runInProcess } from "../../cli/run-in-process.ts";
import { madeUpModel } from "./made-up-model.ts";

const folders: string[] = [];
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});
function stateFolder(): string {
  const made = mkdtempSync(join(tmpdir(), "ajar-doors-"));
  folders.push(made);
  return made;
}

describe("ajar shut, open and doors", () => {
  it("turn the doors of a gate that runs on this machine", async () => {
    const state = stateFolder();
    const around = { env: { XDG_STATE_HOME: state } };
    const book = await openDoorBook({ store: new FolderStore(join(state, "ajar", "gate", "doors")), beatMs: 50 });
    try {
      const model = madeUpModel({ id: "tern" });
      const shut = await runInProcess(["shut", "tern", "--reason", "a backdoor", "--by", "ana", "-f", "json"], around);
      expect(shut.code).toBe(0);
      expect(JSON.parse(shut.stdout)).toMatchObject({
        format: "ajar-shut/1",
        shut: "model:tern",
        models: null,
        seq: 1,
        replicas: [{ answer: "confirmed" }],
      });
      expect(book.state(model)).toMatchObject({ code: "model_disabled", reason: "a backdoor" });

      const listed = await runInProcess(["doors", "--no-color"], around);
      expect(listed.stdout).toContain("model:tern, by ana");
      expect(listed.stdout).toContain("a backdoor");

      const refused = await runInProcess(["open", "tern", "--reason", "reviewed"], around);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain("[NOT_CONFIRMED]");
      const word = /--confirm ([0-9a-f]{8})/u.exec(refused.stderr)?.[1] ?? "";
      expect((await runInProcess(["open", "tern", "--reason", "reviewed", "--yes", "puffin"], around)).code).toBe(2);
      expect((await runInProcess(["open", "tern", "--reason", "reviewed", "--confirm", word], around)).code).toBe(0);
      await book.beat();
      expect(book.state(model).kind).toBe("open");
      expect((await runInProcess(["open", "tern", "--reason", "again", "--confirm", word], around)).stderr).toContain("[NOT_FOUND]");
    } finally {
      await book.close();
    }
  });

  it("say in every language what was done", async () => {
    for (const language of ["en", "zh-Hans", "zh-Hant"]) {
      const doors = stateFolder();
      const shut = await runInProcess(["shut", "hf:owner/name", "--reason", "r", "--doors", doors, "--lang", language, "--no-color"]);
      expect(shut.stdout).toContain("base:hf:owner/name");
      expect(shut.stdout).toContain("--gate URL");
      const opened = await runInProcess([
        "open",
        "hf:owner/name",
        "--reason",
        "r",
        "--yes",
        "hf:owner/name",
        "--doors",
        doors,
        "--lang",
        language,
      ]);
      expect(opened.stdout).toContain("base:hf:owner/name");
    }
  });

  it.each(["hf:Acme/Tern-GGUF", "hf:acme/tern-gguf", "base:hf:acme/tern-gguf"])(
    "open a base that is confirmed as %s, and say the exact name otherwise",
    async (name) => {
      const around = ["--reason", "r", "--doors", stateFolder(), "--by", "ana"];
      expect((await runInProcess(["shut", "hf:Acme/Tern-GGUF", ...around])).code).toBe(0);
      const refused = await runInProcess(["open", "hf:Acme/Tern-GGUF", "--yes", "hf:acme/other", ...around]);
      expect(refused.stderr).toContain("[NOT_CONFIRMED]");
      expect(refused.stderr).toContain("hf:acme/tern-gguf");
      expect((await runInProcess(["open", "hf:Acme/Tern-GGUF", "--yes", name, ...around])).code).toBe(0);
    },
  );

  it("ask a running gate with the operator's key, and tell what it refuses", async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (piece: Buffer) => {
        text += piece.toString();
      });
      request.on("end", () => {
        seen.push([request.method, request.url, request.headers.authorization, text === "" ? null : JSON.parse(text)]);
        const isKnown = request.headers.authorization === "Bearer secret-key";
        const answer = {
          shut: "model:tern",
          seq: 4,
          complete: true,
          took_ms: 3,
          replicas: [{ name: "h/1", answer: "confirmed" }],
          models: [],
        };
        response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
        response.end(JSON.stringify(isKnown ? answer : { error: { code: "invalid_key", message: "no" } }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
    const env = { AJAR_GATE_KEY: "secret-key", no_proxy: "127.0.0.1" };
    try {
      const shut = await runInProcess(["shut", "tern", "--reason", "r", "--gate", url], { env });
      expect(shut.code).toBe(0);
      expect(shut.stdout).toContain("No model that the gate serves now has this name");
      expect((await runInProcess(["open", "tern", "--reason", "r", "--gate", url], { env })).stderr).toContain("[NOT_CONFIRMED]");
      expect((await runInProcess(["open", "tern", "--reason", "r", "--gate", url, "--yes", "tern"], { env })).code).toBe(0);
      const misspelt = await runInProcess(["open", "hf:Acme/Tern", "--reason", "r", "--gate", url, "--yes", "hf:acme/terns"], { env });
      expect(misspelt.stderr).toContain("hf:acme/tern");
      expect((await runInProcess(["doors", "--gate", url], { env })).code).toBe(0);
      const refused = await runInProcess(["doors", "--gate", url], { env: { ...env, AJAR_GATE_KEY: "wrong-canary" } });
      expect(refused.stderr).toContain("[UNAUTHORIZED]");
      expect(refused.stderr).not.toContain("wrong-canary");
      expect(seen.slice(0, 3)).toEqual([
        ["POST", "/admin/shut", "Bearer secret-key", { subject: "tern", reason: "r" }],
        ["POST", "/admin/open", "Bearer secret-key", { subject: "tern", reason: "r", confirm: "tern" }],
        ["GET", "/admin/state", "Bearer secret-key", null],
      ]);
    } finally {
      server.close();
    }
  });

  test.each([
    [["shut", "tern"], {}, "BAD_OPTION"],
    [["shut", "sha256:ab", "--reason", "r"], {}, "BAD_OPTION"],
    [["doors", "--gate", "ftp://x"], {}, "BAD_OPTION"],
    [["doors"], { AJAR_DATABASE_URL: "mysql://x" }, "BAD_OPTION"],
    [["shut", "tern", "--reason", "r"], { AJAR_DATABASE_URL: "postgres://ajar:canary@127.0.0.1:9/none" }, "DOOR_STORE_DOWN"],
  ])("%j is refused", async (words, env, code) => {
    const { stderr } = await runInProcess(words, { env });
    expect(stderr).toContain(`[${code}]`);
    expect(stderr).not.toContain("canary");
  });
});
