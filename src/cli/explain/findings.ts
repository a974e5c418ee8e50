import { lookup, nameOf, text, word } from "../../reports/messages.ts";
import { loadRules } from "../../rules/load.ts";
import { asRecord, asText, type Finder } from "./entry.ts";

/** Rules that findings come from, from rules/findings. */
export const findings: Finder = {
  ids: () => [...rules().keys()],
  find(id, language) {
    const rule = rules().get(id);
    const title = lookup(`finding.${id}`, language);
    if (rule === undefined || title === undefined) return undefined;
    const source = asText(rule["source"]);
    const severity = nameOf("severity", asText(rule["severity"]) ?? "", language);
    const lines = [
      word(`finding.${id}.means`, language),
      word(`finding.${id}.do`, language),
      text({ id: "explain.severity", args: { level: severity } }, language),
    ];
    return { kind: "rule", id, title, lines, ...(source === undefined ? {} : { source }) };
  },
};

function rules(): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const areas = [...loadRules("findings").values()];
  return new Map(areas.flatMap((area) => Object.entries(asRecord(area)).map(([id, rule]) => [id, asRecord(rule)] as const)));
}
