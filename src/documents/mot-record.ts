// A record of the Model Openness Tool: a license for each kind of content, and the components with theirs.
import { type ClaimsYaml, type Lines, parseClaimsYaml } from "./claims-yaml.ts";

/** Longer values are no license names. */
const MAX_VALUE_CHARACTERS = 1000;
/** The format allows 17; some records repeat a few. */
const MAX_COMPONENTS = 200;

interface MotEntry {
  /** Component name, or the kind of a global license: distribution, code, data, document. */
  readonly name: string;
  /** As written; null when the record names none. */
  readonly license: string | null;
  readonly lines: Lines;
}

export interface MotFile {
  readonly release: MotEntry;
  readonly global: readonly MotEntry[];
  readonly components: readonly MotEntry[];
  /** Components that Ajar's own export could not settle; they may be there and open, or not. */
  readonly unsettled: readonly MotEntry[];
}

const GLOBAL = ["distribution", "code", "data", "document"] as const;

/** Reads a record. @throws AjarError BAD_CLAIMS_FILE with the line that is wrong */
export function parseMotFile(text: string, subject: string): MotFile {
  const yaml = parseClaimsYaml(text, subject);
  const release = mapping(yaml, ["release"], yaml.data["release"]);
  const name = textOrNull(yaml, ["release", "name"], release["name"]);
  if (name === null) return yaml.fail(["release"], "the release has no name");
  return {
    release: { name, license: null, lines: yaml.linesOf(["release", "name"]) },
    global: readGlobal(yaml, release["license"]),
    components: readComponents(yaml, release["components"]),
    unsettled: readUnsettled(yaml),
  };
}

/** `ajar.unknown` of a record that Ajar wrote: names of components. */
function readUnsettled(yaml: ClaimsYaml): readonly MotEntry[] {
  const path = ["ajar", "unknown"];
  const block = yaml.data["ajar"];
  if (block === null || block === undefined) return [];
  const names = mapping(yaml, ["ajar"], block)["unknown"] ?? [];
  if (!Array.isArray(names) || names.length > MAX_COMPONENTS) return yaml.fail(path, "unknown is not a list of components");
  return names.flatMap((item: unknown, index): readonly MotEntry[] => {
    const name = textOrNull(yaml, [...path, index], item);
    return name === null ? [] : [{ name, license: null, lines: yaml.linesOf([...path, index]) }];
  });
}

function readGlobal(yaml: ClaimsYaml, value: unknown): readonly MotEntry[] {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return [];
  const licenses = mapping(yaml, ["release", "license"], value);
  return GLOBAL.flatMap((kind) => {
    const path = ["release", "license", kind];
    const block = licenses[kind];
    if (block === null || block === undefined) return [];
    const license = textOrNull(yaml, [...path, "name"], mapping(yaml, path, block)["name"]);
    return [{ name: kind, license, lines: yaml.linesOf(path) }];
  });
}

function readComponents(yaml: ClaimsYaml, value: unknown): readonly MotEntry[] {
  const path = ["release", "components"];
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) return yaml.fail(path, "components is not a list");
  if (value.length > MAX_COMPONENTS) return yaml.fail(path, `more than ${MAX_COMPONENTS} components`);
  return value.map((item: unknown, index) => {
    const place = [...path, index];
    const component = mapping(yaml, place, item);
    const name = textOrNull(yaml, [...place, "name"], component["name"]);
    if (name === null) return yaml.fail(place, "a component has no name");
    return { name, license: textOrNull(yaml, [...place, "license"], component["license"]), lines: yaml.linesOf(place) };
  });
}

function mapping(yaml: ClaimsYaml, path: readonly (string | number)[], value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  return yaml.fail(path, `${path.at(-1)} is not a mapping`);
}

function textOrNull(yaml: ClaimsYaml, path: readonly (string | number)[], value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return yaml.fail(path, `${path.at(-1)} is not a text`);
  if (text.length > MAX_VALUE_CHARACTERS) return yaml.fail(path, `${path.at(-1)} is longer than ${MAX_VALUE_CHARACTERS} characters`);
  return text;
}
