import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { AjarError } from "../core/errors.ts";
import { locateConfig, readConfig } from "./config.ts";
import { parseConfig } from "./config-schema.ts";
import { listParts } from "./parts.ts";

function scratch(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ajar-test-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const FULL = `# A release in four places
target: hf:example/model-7b
code: https://github.com/example/training.git
data:
  - ./data
  - hf:datasets/example/corpus
weights: []
standard: [osaid-1.0, mof]
accept-claims: false
max-bytes: 2G
timeout: 30
lang: zh-Hans
offline: true
`;

test("parts and settings are read, with the line of each", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "ajar.yaml"), FULL);
  const config = await readConfig("ajar.yaml", cwd);
  expect(config.parts).toEqual([
    { part: "all", reference: "hf:example/model-7b" },
    { part: "code", reference: "https://github.com/example/training.git" },
    { part: "data", reference: "./data" },
    { part: "data", reference: "hf:datasets/example/corpus" },
  ]);
  expect(Object.fromEntries(config.settings)).toEqual({
    standard: ["osaid-1.0", "mof"],
    "accept-claims": false,
    "max-bytes": "2G",
    timeout: 30,
    lang: "zh-Hans",
    offline: true,
  });
  expect(config.placeOf("lang")).toBe("ajar.yaml:12");
});

test("paths are meant from where the file lies, other references stay", async () => {
  const cwd = scratch();
  mkdirSync(join(cwd, "sub/data"), { recursive: true });
  writeFileSync(join(cwd, "sub/ajar.yaml"), "target: recorded:rec\ncode: data\ndata: data@v1\nweights: owner/name\ndocs: [file:/abs, .]\n");
  const { parts } = await readConfig("sub/ajar.yaml", cwd);
  expect(parts.map(({ reference }) => reference)).toEqual([
    "recorded:sub/rec",
    "sub/data",
    "sub/data@v1",
    "file:/abs",
    "sub",
    "owner/name",
  ]);
});

test("an empty file says nothing", () => {
  expect(parseConfig("# nothing\n", "ajar.yaml").settings.size).toBe(0);
});

test.each([
  ["lang: [", "ajar.yaml:1: ", undefined],
  ["lang: en\nlang: zh\n", "ajar.yaml:2: ", undefined],
  ["lang: en\ntimeuot: 3\n", "ajar.yaml:2: timeuot is not a key", "Did you mean timeout?"],
  ["\n\ntimeout: soon\n", "ajar.yaml:3: timeout: ", undefined],
  ["timeout: -1\n", "ajar.yaml:1: timeout: ", undefined],
  ["offline: 1\n", "ajar.yaml:1: offline: ", undefined],
  ["code:\n  - a\n  - 5\n", "ajar.yaml:1: code", undefined],
  ["target: ''\n", "ajar.yaml:1: target: ", undefined],
  ["max-bytes: lots\n", "ajar.yaml:1: max-bytes", undefined],
  ["- a\n- b\n", "ajar.yaml:1: the file: ", undefined],
  ["just words\n", "ajar.yaml:1: the file: ", undefined],
  ["? {a: b}\n: c\n", "ajar.yaml:1: ", undefined],
  ["target: !!js/function 'x'\n---\nlang: en\n", "ajar.yaml:", undefined],
])("%j is refused with its line", (text, words, hint) => {
  try {
    parseConfig(text, "ajar.yaml");
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ code: "BAD_CONFIG", message: expect.stringContaining(words) });
    if (hint !== undefined) expect(error).toMatchObject({ hint });
  }
});

test("aliases cannot blow a small file up", () => {
  const bomb = `a0: &a0 [x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(8).fill(`*a${i}`).join(",")}]`).join("\n")}\n`;
  expect(() => parseConfig(bomb, "ajar.yaml")).toThrow(AjarError);
});

test("any text is a configuration or a BAD_CONFIG", () => {
  const keyed = fc.dictionary(fc.constantFrom("target", "code", "lang", "timeout", "offline", "__proto__", "x"), fc.jsonValue());
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        keyed.map((value) => JSON.stringify(value)),
      ),
      (text) => {
        try {
          parseConfig(text, "ajar.yaml");
        } catch (error) {
          expect(error).toMatchObject({ code: "BAD_CONFIG" });
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("a missing, oversized or binary file is a BAD_CONFIG", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "big.yaml"), `# ${"x".repeat(300_000)}`);
  writeFileSync(join(cwd, "binary.yaml"), Buffer.from([0xff, 0xfe, 0xfd]));
  for (const name of ["none.yaml", "big.yaml", "binary.yaml", "."]) {
    await expect(readConfig(name, cwd)).rejects.toMatchObject({ code: "BAD_CONFIG", subject: name });
  }
});

test("only a named file or the working folder's own applies, and not when it lies in the target", () => {
  const cwd = scratch();
  expect(locateConfig(undefined, cwd, ["x"])).toEqual({ path: null, ignored: null });
  writeFileSync(join(cwd, "ajar.yaml"), "lang: en\n");
  mkdirSync(join(cwd, "model"));
  expect(locateConfig(undefined, cwd, [])).toEqual({ path: "ajar.yaml", ignored: null });
  expect(locateConfig(undefined, cwd, ["model", "hf:owner/name"])).toEqual({ path: "ajar.yaml", ignored: null });
  for (const target of [".", cwd, "file:.", `file://${cwd}`, "recorded:.", "..", ".@v1", "model/.."]) {
    expect(locateConfig(undefined, cwd, [target])).toEqual({ path: null, ignored: "ajar.yaml" });
  }
  expect(locateConfig("./ajar.yaml", cwd, ["."])).toEqual({ path: "./ajar.yaml", ignored: null });
});

test("parts come in a fixed order, each once", () => {
  expect(listParts({ weights: ["w"], target: "t", code: ["c", "c", "d"] })).toEqual([
    { part: "all", reference: "t" },
    { part: "code", reference: "c" },
    { part: "code", reference: "d" },
    { part: "weights", reference: "w" },
  ]);
  expect(listParts({})).toEqual([]);
});
