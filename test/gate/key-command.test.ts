import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { KeyFileBook } from "../../src/gate/server/keys/key-book.ts";
import { runInProcess } from "../cli/run-in-process.ts";

const home = mkdtempSync(join(tmpdir(), "ajar-key-command-"));
const around = { env: { XDG_STATE_HOME: home } };
const file = join(home, "ajar", "gate", "keys", "keys.json");

describe("ajar key", () => {
  it("makes a key that a gate knows, lists it without it, and revokes it", async () => {
    const made = await runInProcess(["key", "create", "--name", "app", "--model", "tern", "--expires", "2026-06-30"], around);
    expect(made.code).toBe(0);
    expect(made.stderr).toContain("has to be started again");
    const key = made.stdout.trim();
    expect(made.stdout).toMatch(/^ajar_[0-9a-f]{12}_\S{43}\n$/u);
    expect(readFileSync(file, "utf8")).not.toContain(key.slice(18));
    let day = "2026-06-30T23:59:59Z";
    const book = new KeyFileBook({ file, clock: () => new Date(day) });
    expect(book.find(key)?.caller.scopes).toEqual(["endpoint:*", "model:tern"]);
    day = "2026-07-01T00:00:00Z";
    expect(book.find(key)).toBeNull();
    book.close();
    const id = key.slice(5, 17);
    const listed = await runInProcess(["key", "list"], around);
    expect(listed.stdout).toContain(id);
    expect(listed.stdout).toContain("app");
    expect(listed.stdout + listed.stderr).not.toContain(key.slice(18));
    expect((await runInProcess(["key", "revoke", id], around)).code).toBe(0);
    const after = JSON.parse((await runInProcess(["key", "list", "-f", "json"], around)).stdout);
    expect(after.keys).toMatchObject([{ id, name: "app", revoked: "2026-06-01T12:00:00.000Z", expires: "2026-07-01T00:00:00.000Z" }]);
    expect(JSON.stringify(after)).not.toContain("sha256");
    expect((await runInProcess(["key", "create"], around)).stderr).not.toContain("started again");
  });

  it("gives an operator's key no model", async () => {
    const made = await runInProcess(["key", "create", "--metrics", "--requests-per-minute", "5", "-f", "json"], around);
    expect(JSON.parse(made.stdout)).toMatchObject({ scopes: ["metrics"], requestsPerMinute: 5, tokensPerMinute: null, expires: null });
  });

  test.each([
    [["key", "revoke", "nothing"], 3, "NOT_FOUND"],
    [["key", "revoke"], 2, "BAD_OPTION"],
    [["key", "create", "word"], 2, "BAD_OPTION"],
    [["key", "create", "--expires", "soon"], 2, "BAD_OPTION"],
    [["key", "create", "--expires", "2026-02-30"], 2, "BAD_OPTION"],
    [["key", "create", "--expires", "2020-01-01"], 2, "BAD_OPTION"],
    [["key", "create", "--endpoint", "images"], 2, "BAD_OPTION"],
  ])("refuses %j", async (words, code, name) => {
    const refused = await runInProcess(words, around);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toContain(`[${name}]`);
    expect(refused.stdout).toBe("");
  });
});
