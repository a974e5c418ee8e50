import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkWritable, planOutput, writeWhole } from "./output.ts";

describe("planOutput", () => {
  it("prints a table when nothing is asked for", () => {
    expect(planOutput(undefined, [])).toEqual({ stdout: "table", files: [] });
  });

  it("adds FORMAT=FILE to standard output and lets a plain FILE take its place", () => {
    expect(planOutput(undefined, ["json=a.json"])).toEqual({ stdout: "table", files: [{ format: "json", path: "a.json" }] });
    expect(planOutput(undefined, ["a.json"])).toEqual({ stdout: null, files: [{ format: "json", path: "a.json" }] });
    expect(planOutput("table", ["a.json", "json=b=c"])).toEqual({
      stdout: null,
      files: [
        { format: "table", path: "a.json" },
        { format: "json", path: "b=c" },
      ],
    });
    expect(planOutput(undefined, ["xml=a"]).files).toEqual([{ format: "table", path: "xml=a" }]);
  });

  it("refuses an empty name", () => {
    expect(() => planOutput(undefined, ["json="])).toThrow("empty");
  });
});

describe("writeWhole", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ajar-output-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("replaces a file and leaves nothing else behind", () => {
    writeFileSync(join(folder, "a.json"), "old");
    writeWhole("a.json", folder, "new");
    expect(readFileSync(join(folder, "a.json"), "utf8")).toBe("new");
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });

  it("writes through a link and keeps it a link", () => {
    writeFileSync(join(folder, "real"), "old");
    symlinkSync("real", join(folder, "link"));
    writeWhole("link", folder, "new");
    expect(readlinkSync(join(folder, "link"))).toBe("real");
    expect(readFileSync(join(folder, "real"), "utf8")).toBe("new");
  });

  it("says which file cannot be written, before and while writing", () => {
    mkdirSync(join(folder, "sub"));
    for (const path of ["sub", "missing/a.json"]) {
      expect(() => checkWritable(path, folder)).toThrow(expect.objectContaining({ code: "OUTPUT_UNWRITABLE", subject: path }));
      expect(() => writeWhole(path, folder, "x")).toThrow(expect.objectContaining({ code: "OUTPUT_UNWRITABLE", subject: path }));
    }
    expect(readdirSync(folder)).toEqual(["sub"]);
    expect(() => checkWritable("/dev/null", folder)).not.toThrow();
  });
});
