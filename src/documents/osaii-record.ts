// A record of the European Open Source AI Index, or of its predecessor of 2023 to 2025.
import { type ClaimsYaml, type Lines, parseClaimsYaml } from "./claims-yaml.ts";

type OsaiiLayout = "current" | "legacy-2023-2025";

interface OsaiiEntry {
  /** Dimension, in the current index's words. */
  readonly field: string;
  readonly grade: "open" | "partial" | "closed";
  readonly lines: Lines;
}

export interface OsaiiFile {
  readonly layout: OsaiiLayout;
  /** Null in the index's own template. */
  readonly system: string | null;
  readonly systemLines: Lines;
  readonly entries: readonly OsaiiEntry[];
  /** Dimensions that Ajar's own export left open: the lowest and highest grade they may have. */
  readonly unsettled: readonly OsaiiRange[];
}

interface OsaiiRange {
  readonly field: string;
  readonly low: OsaiiEntry["grade"];
  readonly high: OsaiiEntry["grade"];
  readonly lines: Lines;
}

const CURRENT = [
  "datasources_basemodel",
  "datasources_endmodel",
  "weights_basemodel",
  "weights_endmodel",
  "trainingcode",
  "code",
  "hardware_architecture",
  "preprint",
  "paper",
  "modelcard",
  "datasheet",
  "licenses",
] as const;

/**
 * Fields of the predecessor that ask the same as a dimension of today. `architecture` asked for the model's own
 * architecture and not for the hardware; `package` and `api` were dropped.
 */
const LEGACY: Readonly<Record<string, string>> = {
  llmdata: "datasources_basemodel",
  rldata: "datasources_endmodel",
  llmweights: "weights_basemodel",
  rlweights: "weights_endmodel",
  opencode: "trainingcode",
  code: "code",
  preprint: "preprint",
  paper: "paper",
  modelcard: "modelcard",
  datasheet: "datasheet",
  license: "licenses",
};

/** Reads a record; a dimension without a grade is left out. @throws AjarError BAD_CLAIMS_FILE with the line that is wrong */
export function parseOsaiiFile(text: string, subject: string): OsaiiFile {
  const yaml = parseClaimsYaml(text, subject);
  const isLegacy = isMapping(yaml.data["project"]) && yaml.data["system"] === undefined;
  const head = isLegacy ? "project" : "system";
  const block = yaml.data[head];
  if (!isMapping(block)) return yaml.fail([], "neither `system` nor `project` is there: not a record of the index");
  const name: unknown = Reflect.get(block, "name");
  if (typeof name === "object" && name !== null) return yaml.fail([head, "name"], "the name is not a text");
  const fields: readonly (readonly [string, string])[] = isLegacy ? Object.entries(LEGACY) : CURRENT.map((field) => [field, field]);
  const entries = fields.flatMap(([written, field]): readonly OsaiiEntry[] => {
    const dimension = yaml.data[written];
    if (dimension === null || dimension === undefined) return [];
    if (!isMapping(dimension)) return yaml.fail([written], `${written} is not a mapping`);
    const grade: unknown = Reflect.get(dimension, "class");
    if (grade === null || grade === undefined) return [];
    if (!isGrade(grade)) return yaml.fail([written, "class"], `${written} is neither open, partial nor closed`);
    return [{ field, grade, lines: yaml.linesOf([written]) }];
  });
  return {
    layout: isLegacy ? "legacy-2023-2025" : "current",
    system: name === null || name === undefined ? null : String(name),
    systemLines: yaml.linesOf([head, "name"]),
    entries,
    unsettled: readUnsettled(yaml),
  };
}

/** `ajar.unknown` of a record that Ajar wrote: field -> { low, high }. */
function readUnsettled(yaml: ClaimsYaml): readonly OsaiiRange[] {
  const block = yaml.data["ajar"];
  const unknown: unknown = isMapping(block) ? Reflect.get(block, "unknown") : undefined;
  if (unknown === undefined || unknown === null) return [];
  if (!isMapping(unknown)) return yaml.fail(["ajar", "unknown"], "unknown is not a mapping");
  return CURRENT.flatMap((field): readonly OsaiiRange[] => {
    const range: unknown = Reflect.get(unknown, field);
    if (range === undefined || range === null) return [];
    const low: unknown = isMapping(range) ? Reflect.get(range, "low") : null;
    const high: unknown = isMapping(range) ? Reflect.get(range, "high") : null;
    const path = ["ajar", "unknown", field];
    if (!isGrade(low) || !isGrade(high)) return yaml.fail(path, `${field} needs a low and a high of open, partial or closed`);
    return [{ field, low, high, lines: yaml.linesOf(path) }];
  });
}

function isGrade(value: unknown): value is OsaiiEntry["grade"] {
  return value === "open" || value === "partial" || value === "closed";
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
