import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseArguments } from "./arguments.ts";
import type { CommandContext } from "./command.ts";
import { commandNamed } from "./command-table.ts";
import { configure } from "./configuration.ts";

let folder = "";
let said = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "ajar-config-")));
  said = "";
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function contextOf(line: string, env: Record<string, string> = {}): CommandContext {
  const command = commandNamed("audit");
  if (command === undefined) throw new Error("no audit command");
  const { options, operands } = parseArguments(
    command,
    line.split(" ").filter((word) => word !== ""),
    env,
  );
  const writer = {
    isTTY: false,
    columns: 80,
    write: async (text: string): Promise<void> => {
      said += text;
    },
  };
  return {
    options,
    operands,
    env,
    cwd: folder,
    language: "en",
    stdout: writer,
    stderr: writer,
    readStdin: async () => "",
    stdin: async function* () {},
    signal: new AbortController().signal,
    now: () => new Date(0),
  };
}

describe("configure", () => {
  it("takes targets from the file only when the line names none", async () => {
    writeFileSync(join(folder, "ajar.yaml"), "target: hf:a/b\ncode: hf:a/c\n");
    expect((await configure(contextOf(""))).parts).toEqual([
      { part: "all", reference: "hf:a/b" },
      { part: "code", reference: "hf:a/c" },
    ]);
    expect((await configure(contextOf("hf:x/y"))).parts).toEqual([{ part: "all", reference: "hf:x/y" }]);
    expect((await configure(contextOf("--weights hf:x/y"))).parts).toEqual([{ part: "weights", reference: "hf:x/y" }]);
  });

  it("lets an option beat its variable and a variable beat the file", async () => {
    writeFileSync(join(folder, "ajar.yaml"), "fail-on: low\ntimeout: 5\nmax-bytes: 2G\nstandard: [osaid, mof]\noffline: true\nlang: zh\n");
    const { context } = await configure(contextOf("x --timeout 7", { AJAR_FAIL_ON: "high" }));
    const { options } = context;
    expect([options.number("timeout"), options.text("fail-on"), options.number("max-bytes")]).toEqual([7, "high", 2 * 1024 ** 3]);
    expect([options.list("standard"), options.flag("offline"), context.language]).toEqual([["osaid-1.0", "mof"], true, "zh-Hans"]);
    expect((await configure(contextOf("x --no-offline"))).context.options.flag("offline")).toBe(false);
    expect((await configure(contextOf("x", { AJAR_LANG: "en" }))).context.language).toBe("en");
  });

  it("checks a setting as strictly as an option and names its line", async () => {
    writeFileSync(join(folder, "ajar.yaml"), "target: a\nfail-on: never\n");
    await expect(configure(contextOf(""))).rejects.toMatchObject({ code: "BAD_CONFIG", subject: "ajar.yaml:2" });
    writeFileSync(join(folder, "ajar.yaml"), "tarket: a\n");
    await expect(configure(contextOf(""))).rejects.toMatchObject({ code: "BAD_CONFIG", hint: "Did you mean target?" });
  });

  it("does not trust a file inside what is audited, says so, and obeys --config", async () => {
    writeFileSync(join(folder, "ajar.yaml"), "fail-on: none\n");
    const { context } = await configure(contextOf("."));
    expect(context.options.text("fail-on")).toBeUndefined();
    expect(said).toContain("ajar.yaml lies inside what is audited");
    expect((await configure(contextOf(". --config ajar.yaml"))).context.options.text("fail-on")).toBe("none");
    mkdirSync(join(folder, "model"));
    expect((await configure(contextOf("model"))).context.options.text("fail-on")).toBe("none");
  });

  it("calls a named file that is not there a configuration error", async () => {
    await expect(configure(contextOf("x --config nope.yaml"))).rejects.toMatchObject({ code: "BAD_CONFIG" });
  });
});
