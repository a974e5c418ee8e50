// A record of the European Open Source AI Index, or of its predecessor of 2023 to 2025.
import { type Lines, parseClaimsYaml } from "./claims-yaml.ts";

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
    if (grade !== "open" && grade !== "partial" && grade !== "closed") {
      return yaml.fail([written, "class"], `${written} is neither open, partial nor closed`);
    }
    return [{ field, grade, lines: yaml.linesOf([written]) }];
  });
  return {
    layout: isLegacy ? "legacy-2023-2025" : "current",
    system: name === null || name === undefined ? null : String(name),
    systemLines: yaml.linesOf([head, "name"]),
    entries,
  };
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
