import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../reports/language.ts";
import { packageRoot } from "../../rules/load.ts";
import { findings } from "./findings.ts";

/** Where code plainly names the rule of a finding: `ruleId: "…"`, `rule: "…"`, `finding("…"`, `finding(context, "…"`. */
const NAMED = /(?:\brule(?:Id)?:|\bfinding\(\s*(?:context,\s*)?)\s*"([a-z]+\/[a-z-]+)"/gu;
/** Any text of the form `area/name`: a rule's id wherever its area has other rules. */
const WRITTEN = /"(([a-z]+)\/[a-z-]+)"/gu;

function namedInSource(): ReadonlySet<string> {
  const names = readdirSync(join(packageRoot, "src"), { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const texts = files.map((name) => readFileSync(join(packageRoot, "src", name), "utf8"));
  const areas = new Set([...findings.ids("en")].map((id) => id.split("/")[0]));
  const plain = texts.flatMap((source) => [...source.matchAll(NAMED)].map((match) => match[1] ?? ""));
  const written = texts.flatMap((source) => [...source.matchAll(WRITTEN)]).filter((match) => areas.has(match[2]));
  return new Set([...plain, ...written.map((match) => match[1] ?? "")]);
}

describe("the rules of findings", () => {
  it("are the ones that code makes findings of, no more and no fewer", () => {
    const named = [...namedInSource()].sort();
    expect(named.length).toBeGreaterThan(10);
    expect([...findings.ids("en")].sort()).toEqual(named);
  });

  it.each(LANGUAGES)("are explained in %s: title, meaning, remedy, severity and source", (language) => {
    for (const id of findings.ids(language)) {
      const entry = findings.find(id, language);
      expect(entry).toMatchObject({ kind: "rule", id, title: expect.stringMatching(/./u), source: expect.stringMatching(/^https:/u) });
      expect(entry?.lines.length).toBe(3);
    }
  });

  it("have a severity that a report may hold", () => {
    for (const id of findings.ids("en")) {
      expect(findings.find(id, "en")?.lines.at(-1)).toMatch(/^Severity: (?:critical|high|medium|low|info)$/u);
    }
  });
});
