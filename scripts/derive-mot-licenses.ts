// Writes rules/standards/mot-licenses.yaml from the Model Openness Tool's own license tables.
// Usage: node scripts/derive-mot-licenses.ts FOLDER   (FOLDER holds licenses.json and mof-licenses.json of the tool)
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../src/core/text.ts";

interface Row {
  readonly licenseId: string;
  readonly isOsiApproved: boolean;
  readonly isFsfLibre?: boolean;
  readonly ContentType?: string | readonly string[];
}

/** Open data and content licenses that the tool lists in its code, spelled as it spells them. */
const FIXED_LIST =
  "CC0-1.0 CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-2.5-AU CC-BY-3.0 CC-BY-3.0-AT CC-BY-3.0-AU CC-BY-3.0-DE CC-BY-3.0-IGO CC-BY-3.0-NL CC-BY-3.0-US CC-BY-4.0 CC-BY-SA-1.0 CC-BY-SA-2.0 CC-BY-SA-2.0-UK CC-BY-SA-2.1-JP CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-3.0-AT CC-BY-SA-4.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 ODC-PDDL-1.0 ODC-By-1.0 ODbL-1.0 GFDL-1.3 OGL-Canada-2.0 OGL-UK-2.0 OGL-UK-3.0 OpenMDW-1.0".split(
    " ",
  );
/** What the list above means by its slips: the SPDX id of ODC-PDDL-1.0, and what was published since. */
const PAPER_ALSO = ["CC-PDDC", "OpenMDW-1.1", "PDDL-1.0"];

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("usage: node scripts/derive-mot-licenses.ts FOLDER");

function rows(name: string): readonly Row[] {
  // The tool's own file; a row without an id would show as `undefined` in the result.
  return (JSON.parse(readFileSync(join(folder ?? "", name), "utf8")) as { readonly licenses: readonly Row[] }).licenses;
}

const approved = rows("licenses.json").filter((row) => row.isOsiApproved || row.isFsfLibre === true);
const open = [...new Set([...approved.map((row) => row.licenseId), ...FIXED_LIST])].sort(compareText);
// A later row for the same id replaces an earlier one: the tool imports them in order.
const tags = new Map<string, readonly string[]>();
for (const row of rows("mof-licenses.json")) tags.set(row.licenseId, [row.ContentType ?? []].flat());

const lines = [
  "# License ids that the Model Openness Tool counts as open, and the content types it tags. Exact, case-sensitive.",
  "# Written by scripts/derive-mot-licenses.ts; do not edit.",
  "source: https://github.com/lfai/model_openness_tool/tree/8b5d30e90a7c62d7d6ece48b91e69ff495920a4d/web/modules/mof",
  "open:",
  ...open.map((id) => `  - ${JSON.stringify(id)}`),
  "paper-also:",
  ...PAPER_ALSO.map((id) => `  - ${JSON.stringify(id)}`),
  "tags:",
  ...[...tags].sort(([a], [b]) => compareText(a, b)).map(([id, types]) => `  ${JSON.stringify(id)}: [${types.join(", ")}]`),
];
writeFileSync(new URL("../rules/standards/mot-licenses.yaml", import.meta.url), `${lines.join("\n")}\n`);
