// Two revisions of one release on disk, and what the three commands say of them.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Difference } from "../../src/comparison/diff.ts";
import { folderWith, GOOD } from "../cli/made-up-release.ts";
import { type Ran, runInProcess } from "../cli/run-in-process.ts";

const MIT = `MIT License

Copyright (c) 2026 Tern

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

let release: ReturnType<typeof folderWith>;
const at = (name: string): string => join(release.path, name);

beforeEach(() => {
  release = folderWith({ ...Object.fromEntries(Object.entries(GOOD).map(([name, content]) => [`r/${name}`, content])), "r/LICENSE": MIT });
});
afterEach(() => release.remove());

async function save(name: string): Promise<void> {
  const { stdout } = await runInProcess(["audit", at("r"), "-f", "json"]);
  writeFileSync(at(name), stdout);
}

async function diff(...more: readonly string[]): Promise<{ readonly ran: Ran; readonly difference: Difference }> {
  const ran = await runInProcess(["diff", at("old.json"), at("new.json"), "-f", "json", ...more]);
  return { ran, difference: JSON.parse(ran.stdout) as Difference };
}

describe("ajar diff", () => {
  it("says that nothing changed", async () => {
    await save("old.json");
    await save("new.json");
    const { ran, difference } = await diff("--fail-on", "changed");
    expect(difference).toMatchObject({ sameRules: true, sameTarget: true, changes: [] });
    expect(ran.code).toBe(0);
  });

  it("names the license text that was replaced, and nothing of other components' availability", async () => {
    await save("old.json");
    writeFileSync(at("r/LICENSE"), "All rights reserved. No license is granted. You may not copy, modify or distribute the Software.\n");
    await save("new.json");
    const { ran, difference } = await diff("--fail-on", "worse");
    expect(difference.changes.filter(({ area }) => area === "license")).toEqual([
      { area: "license", id: "LICENSE", aspect: "license", from: "MIT", to: expect.not.stringMatching(/^MIT$/u), direction: "changed" },
    ]);
    expect(difference.changes.filter(({ aspect }) => aspect === "availability")).toEqual([]);
    expect(difference.changes.filter(({ area }) => area === "file").map(({ id }) => id)).toContain("LICENSE");
    expect(ran.code).toBe(1);
  });

  it("calls weights that went away worse, in every language", async () => {
    await save("old.json");
    rmSync(at("r/model.safetensors"));
    await save("new.json");
    const { difference } = await diff();
    expect(
      difference.changes.find(({ area, id, aspect }) => area === "component" && id === "weights" && aspect === "availability"),
    ).toMatchObject({
      from: "found",
      direction: "worse",
    });
    for (const [language, word] of [
      ["en", "COMPONENTS"],
      ["zh-Hans", "组成部分"],
      ["zh-Hant", "組成部分"],
    ]) {
      const { stdout } = await runInProcess(["diff", at("old.json"), at("new.json"), "--lang", language ?? ""]);
      expect(stdout).toContain(word);
    }
    const markdown = await runInProcess(["diff", at("old.json"), at("new.json"), "-f", "markdown"]);
    expect(markdown.stdout).toMatch(/^## /u);
  });

  it("is the other way round when the reports are", async () => {
    await save("old.json");
    rmSync(at("r/model.safetensors"));
    await save("new.json");
    const { difference: there } = await diff();
    const back = JSON.parse((await runInProcess(["diff", at("new.json"), at("old.json"), "-f", "json"])).stdout) as Difference;
    const turned = { better: "worse", worse: "better", changed: "changed" } as const;
    const key = (change: Difference["changes"][number]): string =>
      `${change.area} ${change.id} ${change.aspect} ${change.from} ${change.to}`;
    const mirrored = there.changes.map((change) => ({ ...change, from: change.to, to: change.from, direction: turned[change.direction] }));
    expect([...back.changes].sort((a, b) => key(a).localeCompare(key(b)))).toEqual(mirrored.sort((a, b) => key(a).localeCompare(key(b))));
  });

  it("refuses what is no report", async () => {
    writeFileSync(at("old.json"), "{}");
    const { code, stderr } = await runInProcess(["diff", at("old.json"), at("old.json")]);
    expect(code).toBe(2);
    expect(stderr).toContain("BAD_REPORT");
  });
});

describe("ajar recheck", () => {
  interface Told {
    readonly counts: Readonly<Record<string, number>>;
    readonly items: readonly {
      readonly state: string;
      readonly path: string;
      readonly cells: readonly { readonly area: string; readonly id: string }[];
    }[];
  }
  async function recheck(): Promise<{ readonly code: number; readonly told: Told }> {
    const { code, stdout } = await runInProcess(["recheck", at("old.json"), "-f", "json"]);
    return { code, told: JSON.parse(stdout) as Told };
  }

  it("finds all of it where it was", async () => {
    await save("old.json");
    const { code, told } = await recheck();
    expect(code).toBe(0);
    expect(told.counts).toMatchObject({ gone: 0, changed: 0, unknown: 0, "search-again": 0, kept: 0 });
    expect(told.counts["unchanged"]).toBeGreaterThan(0);
  });

  it("after one file changed, names the cells that rest on it and those that rest on the search, and no others", async () => {
    await save("old.json");
    writeFileSync(at("r/README.md"), "# Tiny\n\nNothing of the old card is left.\n");
    const { code, told } = await recheck();
    expect(code).toBe(1);
    for (const { state, path } of told.items) {
      if (path === "README.md") expect(state).toBe("changed");
      else if (path === "") expect(state).toBe("search-again");
      else expect(state).toBe("unchanged");
    }
    const table = await runInProcess(["recheck", at("old.json")]);
    expect(table.stdout).toContain("README.md");
  });

  it("keeps evidence whose words are still in a file that changed elsewhere", async () => {
    await save("old.json");
    const card = String(GOOD["README.md"]);
    writeFileSync(at("r/README.md"), `${card}\nOne more line.\n`);
    const { told } = await recheck();
    const states = told.items.filter(({ path }) => path === "README.md").map(({ state }) => state);
    expect(states).toContain("kept");
    expect(states).not.toContain("unchanged");
  });

  it("says what is gone, and what cannot be looked at", async () => {
    await save("old.json");
    rmSync(at("r/LICENSE"));
    expect((await recheck()).told.items.filter(({ path }) => path === "LICENSE").map(({ state }) => state)).toContain("gone");
    rmSync(at("r"), { recursive: true });
    const { code, told } = await recheck();
    expect(code).toBe(3);
    expect(told.counts["unknown"]).toBe(told.items.length);
  });
});

describe("ajar compare", () => {
  it.each(["table", "csv", "html", "json", "markdown"])("%s has both releases and every component", async (format) => {
    await save("a.json");
    rmSync(at("r/LICENSE"));
    await save("b.json");
    const { code, stdout } = await runInProcess(["compare", at("a.json"), at("b.json"), "-f", format]);
    expect(code).toBe(0);
    for (const word of ["weights", "paper", "OSAID"]) if (format !== "json") expect(stdout).toContain(word);
    if (format === "json") expect(JSON.parse(stdout).releases).toHaveLength(2);
    expect(stdout.endsWith("\n")).toBe(true);
  });

  it("stacks many releases where columns would be too narrow", async () => {
    await save("a.json");
    const { stdout } = await runInProcess(["compare", ...Array.from({ length: 8 }, () => at("a.json"))]);
    for (const line of stdout.split("\n")) expect(Array.from(line).length).toBeLessThanOrEqual(80);
  });
});

describe("baselines and suppressions", () => {
  // A permissive label without its text is a finding.
  beforeEach(() => rmSync(at("r/LICENSE")));
  const RULE = "licenses/permissive-label-without-text";
  const ignore = (until: string, more = ""): string =>
    `suppressions:\n  - id: ${RULE}\n    until: ${until}\n    reason: text is coming\n    by: Lin\n${more}`;
  const findings = (stdout: string): readonly { readonly ruleId: string; readonly setAside?: unknown }[] => JSON.parse(stdout).findings;

  it("a known finding fails nothing, a new one does", async () => {
    await save("old.json");
    const known = await runInProcess(["audit", at("r"), "--baseline", at("old.json"), "--fail-on", "medium", "-f", "json"]);
    expect(findings(known.stdout).find(({ ruleId }) => ruleId === RULE)?.setAside).toEqual({ by: "baseline" });
    expect(known.code).toBe(0);
    expect((await runInProcess(["audit", at("r"), "--fail-on", "medium"])).code).toBe(1);
  });

  it("a suppression holds until its day, then the finding counts again and that is said", async () => {
    writeFileSync(at("ignore.yaml"), ignore("2026-06-02"));
    const args = ["audit", at("r"), "--ignore-file", at("ignore.yaml"), "--fail-on", "medium", "-f", "json"];
    const held = await runInProcess(args);
    expect(held.code).toBe(0);
    expect(findings(held.stdout).find(({ ruleId }) => ruleId === RULE)?.setAside).toEqual({
      by: "suppression",
      who: "Lin",
      reason: "text is coming",
      until: "2026-06-02",
    });
    const late = await runInProcess([...args, "--as-of", "2026-06-02"]);
    expect(late.code).toBe(1);
    expect(late.stderr).toContain("2026-06-02");
    expect(findings(late.stdout).find(({ ruleId }) => ruleId === RULE)?.setAside).toBeUndefined();
  });

  it("paths and digests narrow it; what matches nothing is told", async () => {
    writeFileSync(at("ignore.yaml"), ignore("2030-01-01", "    paths: ['docs/**']\n"));
    const ran = await runInProcess(["audit", at("r"), "--ignore-file", at("ignore.yaml"), "--fail-on", "medium"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(RULE);
  });

  it("the table hides what was set aside, counts it, and shows it when asked", async () => {
    writeFileSync(at("ignore.yaml"), ignore("2030-01-01"));
    const hidden = await runInProcess(["audit", at("r"), "--ignore-file", at("ignore.yaml")]);
    expect(hidden.stdout).toContain("--show-suppressed");
    const shown = await runInProcess(["audit", at("r"), "--ignore-file", at("ignore.yaml"), "--show-suppressed"]);
    expect(shown.stdout).toContain("text is coming");
  });

  it.each([
    ["suppressions:\n  - id: x\n    until: 2030-01-01\n    by: Lin\n", "reason"],
    ["suppressions:\n  - id: x\n    until: soon\n    reason: r\n    by: Lin\n", "until"],
    ["suppressions:\n  - id: x\n    until: 2030-13-45\n    reason: r\n    by: Lin\n", "until"],
    ["ignore: []\n", "suppressions"],
    ["suppressions: [\n", "ignore.yaml:2: "],
  ])("refuses %j", async (content, problem) => {
    writeFileSync(at("ignore.yaml"), content);
    const { code, stderr } = await runInProcess(["audit", at("r"), "--ignore-file", at("ignore.yaml")]);
    expect(code).toBe(2);
    expect(stderr).toContain("BAD_CONFIG");
    expect(stderr).toContain(problem);
  });
});
