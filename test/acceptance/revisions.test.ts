// Real revisions of a real package: what `ajar diff` and `ajar recheck` say changed is what changed, cell by cell.
// Set AJAR_TEST_OFFLINE=1 where there is no network; the skip is then visible.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { auditContext } from "../../src/audit/context.ts";
import { recheck } from "../../src/audit/recheck.ts";
import { type Change, diffReports } from "../../src/comparison/diff.ts";
import type { Report } from "../../src/core/report.ts";
import { folderWith } from "../cli/made-up-release.ts";

const isOffline = (process.env["AJAR_TEST_OFFLINE"] ?? "") !== "";
if (isOffline) writeSync(2, "skipped: AJAR_TEST_OFFLINE is set, so no revisions of a real package were compared\n");
/** A slow mirror and 25 MB. */
const TIMEOUT_MS = 180_000;

function auditOf(reference: string): Promise<Report> {
  return audit({
    parts: [{ part: "all", reference }],
    context: auditContext({ env: process.env, cwd: process.cwd() }),
    acceptClaims: false,
  });
}

function cells(changes: readonly Change[]): readonly string[] {
  return changes
    .filter(({ area }) => area !== "finding" && area !== "file")
    .map(({ area, id, aspect, from, to }) => `${area} ${id} ${aspect}: ${from} -> ${to}`);
}

describe.skipIf(isOffline)("ajar diff of a package that learnt to bring its weights", () => {
  let reports: readonly Report[] = [];
  beforeAll(async () => {
    const made: Report[] = [];
    for (const version of ["2.4.2", "4.1.0", "4.2.0"]) made.push(await auditOf(`npm:nsfwjs@${version}`));
    reports = made;
  }, 3 * TIMEOUT_MS);

  it("2.4.2 to 4.2.0: the weights are there, under MIT, and what rests on that follows; nothing else does", () => {
    const [old, , latest] = reports;
    if (old === undefined || latest === undefined) throw new Error("not audited");
    const changes = cells(diffReports(old, latest).changes);
    expect(changes.filter((change) => !change.startsWith("criterion "))).toEqual([
      "headline word word: shut -> ajar",
      "headline label label: none -> open-weights-ai",
      "verdict g7-2026 level: none -> open-weights-ai",
      "component weights availability: absent -> found",
      "component weights openness: unknown -> open",
      "component weights licenses:  -> MIT",
    ]);
    expect(changes.filter((change) => change.startsWith("criterion "))).toEqual([
      "criterion g7-2026/weights result: not-met -> met",
      "criterion g7-2026/use-terms result: unknown -> met",
      "criterion g7-2026/open-license result: unknown -> met",
      "criterion osaid-1.0/parameters result: not-met -> met",
      "criterion osaid-1.0/parameters-terms result: unknown -> met",
      "criterion mof/model-parameters-final (mof-paper) result: not-met -> met",
      "criterion mof/model-parameters-final (mof-mot) result: not-met -> met",
      "criterion osaii-2026/weights_basemodel result: not-met -> met",
      "criterion osaii-2026/weights_basemodel level: closed -> open",
      "criterion osaii-2026/weights_endmodel result: not-met -> met",
      "criterion osaii-2026/weights_endmodel level: closed -> open",
      // Before, there were no weights whose license could be asked for; now they and the code are open and no data is.
      "criterion osaii-2026/licenses result: unknown -> not-met",
      "criterion osaii-2026/licenses level: null -> partial",
      "criterion eu-ai-act-53-2/license-rights result: unknown -> met",
      "criterion eu-ai-act-53-2/no-monetisation result: unknown -> met",
      "criterion eu-ai-act-53-2/parameters-public result: not-met -> met",
    ]);
  });

  it("4.1.0 to 4.2.0: files and what was found in them, and no cell", () => {
    const [, old, latest] = reports;
    if (old === undefined || latest === undefined) throw new Error("not audited");
    const { changes } = diffReports(old, latest);
    expect(cells(changes)).toEqual([]);
    expect(new Set(changes.map(({ area }) => area))).toEqual(new Set(["finding", "file"]));
    expect(changes.find(({ id }) => id === "README.md")).toMatchObject({ area: "file", aspect: "digest" });
    expect(changes.filter(({ direction }) => direction !== "changed")).toEqual([]);
  });
});

describe.skipIf(isOffline)("ajar recheck of a real package, one file of evidence altered", () => {
  let folder: ReturnType<typeof folderWith>;
  let before: Report;
  const at = (path: string): string => join(folder.path, "package", path);

  beforeAll(async () => {
    folder = folderWith({});
    for (const [command, args] of [
      ["npm", ["pack", "nsfwjs@2.4.2", "--silent"]],
      ["tar", ["-xzf", "nsfwjs-2.4.2.tgz"]],
    ] as const) {
      const { status, stderr } = spawnSync(command, args, { cwd: folder.path, encoding: "utf8" });
      if (status !== 0) throw new Error(stderr);
    }
    before = await auditOf(at(""));
  }, TIMEOUT_MS);
  afterAll(() => folder.remove());

  it.each(["LICENSE", "README.md", "dist/index.js", "package.json"])(
    "%s: the evidence in it, what rests on the search, and no other",
    async (path) => {
      const original = readFileSync(at(path));
      writeFileSync(at(path), path.endsWith(".json") ? "{}\n" : "Nothing of what was here is left.\n");
      try {
        const { items, unreachable } = await recheck(before, auditContext({ env: {}, cwd: "/", offline: true }));
        expect(unreachable).toEqual([]);
        expect(items).toHaveLength(before.evidence.length);
        for (const { evidence, state } of items) {
          expect(state, evidence.path).toBe(evidence.path === path ? "changed" : evidence.path === "" ? "search-again" : "unchanged");
        }
        // What a new audit judges otherwise is among the cells that rest on evidence that no longer stands.
        const fallen = new Set(items.filter(({ state }) => state !== "unchanged").map(({ evidence }) => evidence.id));
        const resting = restingOn(before, fallen);
        const { changes } = diffReports(before, await auditOf(at("")));
        const judged = changes.filter(({ area }) => area === "criterion" || area === "component" || area === "headline");
        expect(judged.map(({ area, id }) => `${area} ${id}`).filter((cell) => !resting.has(cell))).toEqual([]);
        expect(changes.filter(({ area, aspect }) => area === "file" && aspect === "digest").map(({ id }) => id)).toEqual([path]);
      } finally {
        writeFileSync(at(path), original);
      }
    },
    TIMEOUT_MS,
  );
});

/** Cells of which a message names one of these. */
function restingOn(report: Report, ids: ReadonlySet<string>): ReadonlySet<string> {
  const rests = (because: readonly { readonly evidence?: readonly string[] }[]): boolean =>
    because.some(({ evidence = [] }) => evidence.some((id) => ids.has(id)));
  return new Set([
    ...(rests(report.headline.because) ? ["headline word", "headline label"] : []),
    ...report.components
      .filter(({ evidence, licenses }) =>
        [...evidence, ...report.licenses.filter(({ id }) => licenses.includes(id)).flatMap((license) => license.evidence)].some((id) =>
          ids.has(id),
        ),
      )
      .map(({ id }) => `component ${id}`),
    ...report.verdicts.flatMap(({ criteria, profile }) =>
      criteria.filter(({ because }) => rests(because)).map(({ id }) => `criterion ${profile === undefined ? id : `${id} (${profile})`}`),
    ),
  ]);
}
