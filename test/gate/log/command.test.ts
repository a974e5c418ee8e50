import { hash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { contentKey } from "../../../src/gate/log/content.ts";
import { openLog } from "../../../src/gate/log/open.ts";
import { runInProcess } from "../../cli/run-in-process.ts";
import { folder, logOf } from "./made-up.ts";
import { recordNumber } from "./record-number.ts";
import { segmentsIn } from "./tampering.ts";

describe("ajar log", () => {
  it("verifies the gate's own log when none is named", async () => {
    const state = folder();
    await logOf(12, { folder: join(state, "ajar", "gate", "log") });
    const { code, stdout } = await runInProcess(["log", "verify", "--no-color"], { env: { XDG_STATE_HOME: state } });
    expect(code).toBe(0);
    expect(stdout).toContain("12 entries, from 1 to 12");
    expect(stdout).toContain("--checkpoint");
  });

  it("says what was changed, where, in every language, and exits with 1", async () => {
    const made = await logOf(12, { segmentBytes: 1e6 });
    const [name = ""] = segmentsIn(made);
    const path = join(made, name);
    writeFileSync(path, readFileSync(path, "utf8").replace('"caller":"key-4"', '"caller":"key-5"'));
    const { code, stdout } = await runInProcess(["log", "verify", made, "--no-color"]);
    expect(code).toBe(1);
    expect(stdout).toContain(`${name}:4`);
    const json = JSON.parse((await runInProcess(["log", "verify", made, "-f", "json"])).stdout);
    expect(json).toMatchObject({
      format: "ajar-log-verification/1",
      result: "tampered",
      problems: [{ kind: "altered", file: name, line: 4, seq: 4 }],
    });
    for (const language of ["zh-Hans", "zh-Hant"]) {
      expect((await runInProcess(["log", "verify", made, "--lang", language])).stdout).toContain(`${name}:4`);
    }
  });

  it("says of a log without entries that there is nothing to verify", async () => {
    const made = folder();
    const log = await openLog({ folder: made });
    const empty = await runInProcess(["log", "verify", made, "--no-color"]);
    await log.close();
    expect(empty).toMatchObject({ code: 4, stderr: "" });
    expect(empty.stdout).toMatch(/^.*\n {2}– It has no entries yet, so there is nothing to verify\.\n$/u);
  });

  it("says of a log without a checkpoint that nothing in it is signed, and exits with 3", async () => {
    const made = await logOf(5);
    for (const file of ["checkpoints.jsonl", "head.json"]) rmSync(join(made, file));
    const { code, stdout } = await runInProcess(["log", "verify", made, "--no-color"]);
    expect(code).toBe(3);
    expect(stdout).toContain("Not signed yet: nothing shows");
    expect(stdout).not.toMatch(/intact|signed by/u);
  });

  it("keeps a checkpoint elsewhere and verifies against it", async () => {
    const made = await logOf(5);
    const kept = join(folder(), "kept.json");
    writeFileSync(kept, (await runInProcess(["log", "checkpoint", made])).stdout);
    expect((await runInProcess(["log", "verify", made, "--checkpoint", kept])).code).toBe(0);
    const other = await logOf(5);
    const wrong = await runInProcess(["log", "verify", other, "--checkpoint", kept, "-f", "json"]);
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.stdout).problems).toMatchObject([{ kind: "other-log", file: "--checkpoint" }]);
    const { key } = JSON.parse(readFileSync(join(made, "log.json"), "utf8"));
    expect((await runInProcess(["log", "verify", made, "--key", key])).code).toBe(0);
    expect((await runInProcess(["log", "verify", other, "--key", key])).code).toBe(1);
  });

  it("exports lines that verify as a part, filtered", async () => {
    const made = await logOf(30);
    const { stdout, code } = await runInProcess(["log", "export", made, "--from", "11", "--to", "20"]);
    expect(code).toBe(0);
    const part = join(folder(), "part.jsonl");
    writeFileSync(part, stdout);
    expect((await runInProcess(["log", "verify", part])).code).toBe(0);
    const acts = await runInProcess(["log", "export", made, "--kind", "act", "--since", "2026-01-01"]);
    expect(
      acts.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).seq),
    ).toEqual([10, 20, 30]);
    expect((await runInProcess(["log", "export", made, "--model", "nobody"])).code).toBe(4);
  });

  it("shows the last entries, and content to whoever has its key", async () => {
    const made = folder();
    const log = await openLog({ folder: made, content: contentKey(hash("sha256", "one", "hex"), "test") });
    await log.append(recordNumber(1), { input: "what is a tern", output: "a bird\u001b[2J" });
    await log.append(recordNumber(10));
    await log.close();
    const key = join(folder(), "key.txt");
    writeFileSync(key, `${hash("sha256", "one", "hex")}\n`);
    const shown = await runInProcess(["log", "show", made, "--content-key", key]);
    expect(shown.stdout).toContain("> what is a tern");
    expect(shown.stdout).toContain("< a bird<U+001B>[2J");
    expect((await runInProcess(["log", "show", made, "--last", "1"])).stdout).toMatch(/^2 .*policy/u);
  });

  test.each([
    [["log", "verify", "/no/such/log"], "NOT_FOUND"],
    [["log", "verify", ".", "--key", "abc"], "BAD_OPTION"],
    [["log", "export", ".", "--since", "yesterday"], "BAD_OPTION"],
    [["log", "show", ".", "--content-key", "package.json"], "BAD_KEY"],
  ])("%j is refused with %s", async (words, code) => {
    expect((await runInProcess(words)).stderr).toContain(`[${code}]`);
  });
});
