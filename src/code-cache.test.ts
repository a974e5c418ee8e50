import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WRAPPER } from "./code-cache.ts";

let folder: string;
let program: string;
let codeFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-code-"));
  program = join(folder, "program.cjs");
  codeFile = join(folder, "cache", "code");
  writeProgram("first", 0);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Sources of the same length, since V8 tells two apart by nothing else. */
function writeProgram(word: string, exitCode: number): void {
  writeFileSync(
    program,
    WRAPPER.join(
      `exports.say = () => (function inner() { return require("./word.cjs") + "${word}" + __filename.length + (require("./program.cjs") === exports); })();\nprocess.exitCode = ${exitCode};\n`,
    ),
  );
  writeFileSync(join(folder, "word.cjs"), 'module.exports = "said ";\n');
}

/** Loads the program in a process of its own and returns what it said. */
function load(file: string | null = codeFile): string {
  const module = join(import.meta.dirname, "code-cache.ts");
  const script = `const { requireCompiled } = await import(${JSON.stringify(module)}); console.log(requireCompiled(${JSON.stringify(program)}, ${JSON.stringify(file)}).say());`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  return `${stdout}${stderr}`.trim();
}

function said(word: string): string {
  return `said ${word}${program.length}true`;
}

test("a run leaves its compiled code, the next takes it as it is", () => {
  expect(load()).toBe(said("first"));
  const { ino } = statSync(codeFile);
  expect(load()).toBe(said("first"));
  expect(statSync(codeFile).ino).toBe(ino);
  expect(readdirSync(join(folder, "cache"))).toEqual(["code"]);
});

test("code of another source is not taken, even of one as long", () => {
  load();
  writeProgram("other", 0);
  expect(load()).toBe(said("other"));
  expect(load()).toBe(said("other"));
});

test("damaged code is not taken, and written anew", () => {
  load();
  const whole = readFileSync(codeFile);
  for (const at of [0, 5, 40, whole.length >> 1, whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x55;
    writeFileSync(codeFile, damaged);
    expect(load()).toBe(said("first"));
    expect(readFileSync(codeFile).equals(damaged)).toBe(false);
  }
  truncateSync(codeFile, 3);
  expect(load()).toBe(said("first"));
  expect(statSync(codeFile).size).toBeGreaterThan(3);
});

test("a run that failed leaves nothing", () => {
  writeProgram("first", 2);
  expect(load()).toBe(said("first"));
  expect(readdirSync(folder)).not.toContain("cache");
});

test("nothing is kept where no file is named", () => {
  expect(load(null)).toBe(said("first"));
  expect(readdirSync(folder)).not.toContain("cache");
});

test("where nothing can be written the program runs all the same", () => {
  expect(load(join(program, "cache", "code"))).toBe(said("first"));
});
