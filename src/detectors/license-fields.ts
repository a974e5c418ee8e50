// License fields of configuration and data descriptions: config.json, Croissant, dataset_info.json, CodeMeta, Zenodo.
import type { LicenseScope } from "../core/component.ts";
import type { LicenseFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import { licenseByUrl } from "../licenses/pointers.ts";
import { licenseByName } from "../licenses/records.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { governedFolder } from "./support/license-folder.ts";
import { knownNameAt } from "./support/license-names.ts";
import { licenseRules } from "./support/license-rules.ts";
import { detectorName, pointerEvidence } from "./support/observe.ts";

/** Longer files are data, not descriptions of it. */
const MAX_CHARS = 1_000_000;
/** Licenses of one list. */
const MAX_VALUES = 10;

interface Kind {
  readonly path: RegExp;
  readonly keys: readonly string[];
  readonly covers: readonly LicenseScope[];
  readonly whole: boolean;
}

/** Sources: Croissant 1.0 (`license`, schema.org); datasets library (`dataset_info.json`); CodeMeta 3.0; Zenodo metadata; transformers configs. */
const KINDS: readonly Kind[] = [
  { path: /(?:^|\/)[^/]*croissant[^/]*\.json$/iu, keys: ["license", "sc:license"], covers: ["data"], whole: false },
  { path: /(?:^|\/)(?:dataset_infos?|datapackage)\.json$/iu, keys: ["license", "licenses"], covers: ["data"], whole: false },
  { path: /(?:^|\/)(?:codemeta|\.zenodo)\.json$/iu, keys: ["license"], covers: [], whole: true },
  {
    path: /(?:^|\/)(?:config|model_index|modelcard|adapter_config|generation_config)\.json$/iu,
    keys: ["license"],
    covers: ["weights"],
    whole: false,
  },
];

export const detector: Detector = {
  id: "license-fields",
  version: 1,
  async detect(context) {
    return { facts: context.source.artifacts.flatMap((artifact) => factsOf(context, artifact)), findings: [] };
  },
};

function factsOf(context: DetectorContext, artifact: Artifact): readonly LicenseFact[] {
  const { path, text, thirdParty } = artifact;
  if (text === null || text.length > MAX_CHARS || !text.includes("license")) return [];
  const kind = KINDS.find((one) => one.path.test(path));
  const data = kind === undefined ? null : parsed(text);
  if (kind === undefined || data === null) return [];
  return kind.keys.flatMap((key) =>
    valuesOf(data[key]).map(({ value, pointer }): LicenseFact => {
      const license = licenseByName(value) ?? licenseByUrl(value) ?? knownNameAt(value)?.license ?? null;
      return {
        kind: "license",
        statement: "metadata",
        license,
        stated: value,
        covers: kind.covers,
        said: kind.covers,
        whole: kind.whole,
        components: [],
        folder: governedFolder(path),
        thirdParty,
        evidence: [pointerEvidence(context, artifact, `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}${pointer}`, `${key}: ${value}`)],
        detector: detectorName(detector),
      };
    }),
  );
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === "object" && data !== null && !Array.isArray(data) ? Object.assign(Object.create(null), data) : null;
  } catch {
    return null;
  }
}

interface Value {
  readonly value: string;
  /** Behind the field's own. */
  readonly pointer: string;
}

/** A text, a list of texts, or objects with an id, a name or an address. Empty and meaningless values say nothing. */
function valuesOf(field: unknown): readonly Value[] {
  const list: readonly unknown[] = Array.isArray(field) ? field.slice(0, MAX_VALUES) : [field];
  return list.flatMap((item, at) => {
    const value = textOf(item).trim();
    const isSaid = value !== "" && value.length <= 200 && !licenseRules().nameless.test(value);
    return isSaid ? [{ value, pointer: Array.isArray(field) ? `/${at}` : "" }] : [];
  });
}

function textOf(item: unknown): string {
  if (typeof item === "string") return item;
  if (typeof item !== "object" || item === null) return "";
  const fields = new Map<string, unknown>(Object.entries(item));
  const named = ["id", "identifier", "@id", "name", "url", "path"].map((key) => fields.get(key)).find((value) => typeof value === "string");
  return typeof named === "string" ? named : "";
}
