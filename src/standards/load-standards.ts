// The five standards, read once.
import { AjarError } from "../core/errors.ts";
import { loadRules } from "../rules/load.ts";
import type { AllStandard, ContentType, GradedStandard, LevelStandard, MofStandard, Standard } from "./definition.ts";
import type { MotLicenses } from "./mot-rule.ts";
import { readStandard } from "./read-standard.ts";
import { Shape } from "./shape.ts";

export interface Standards {
  readonly g7: LevelStandard;
  readonly osaid: AllStandard;
  readonly mof: MofStandard;
  readonly osaii: GradedStandard;
  readonly euAiAct: AllStandard;
  readonly motLicenses: MotLicenses;
}

let loaded: Standards | undefined;

/** All standards in force. @throws AjarError BAD_RULE_DATA when a file under rules/standards is wrong */
export function loadStandards(): Standards {
  loaded ??= {
    g7: ofScheme("g7-2026", "levels"),
    osaid: ofScheme("osaid-1.0", "all"),
    mof: ofScheme("mof", "mof"),
    osaii: ofScheme("osaii-2026", "graded"),
    euAiAct: ofScheme("eu-ai-act-53-2", "all"),
    motLicenses: readMotLicenses(loadRules("standards").get("mot-licenses")),
  };
  return loaded;
}

function ofScheme<S extends Standard["scheme"]>(id: string, scheme: S): Extract<Standard, { scheme: S }> {
  const standard = readStandard(id, loadRules("standards").get(id));
  if (hasScheme(standard, scheme)) return standard;
  throw new AjarError("BAD_RULE_DATA", `rules/standards/${id}.yaml must have the scheme ${scheme}`, { subject: id });
}

function hasScheme<S extends Standard["scheme"]>(standard: Standard, scheme: S): standard is Extract<Standard, { scheme: S }> {
  return standard.scheme === scheme;
}

const CONTENT_TYPES: readonly ContentType[] = ["code", "data", "document"];

function readMotLicenses(data: unknown): MotLicenses {
  const shape = Shape.of(data, "rules/standards/mot-licenses.yaml");
  const tags = shape.child("tags");
  const open = shape.texts("open");
  return {
    open: new Set(open),
    tags: new Map(tags.keys.map((id) => [id, tags.words(id, CONTENT_TYPES)])),
    paper: new Set([...open, ...shape.texts("paper-also")].map((id) => id.toLowerCase())),
  };
}
