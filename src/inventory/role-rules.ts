// The tables of rules/detectors/roles.yaml, compiled once.
import { AjarError } from "../core/errors.ts";
import type { Role } from "../core/inventory.ts";
import { loadRules } from "../rules/load.ts";
import { Pattern } from "../rules/pattern.ts";

type ExtensionGroup = "code" | "text" | "binary" | "archive";

interface PathRule {
  readonly role: Role;
  readonly path: Pattern;
  readonly not: Pattern | null;
  readonly notExtensions: ReadonlySet<string>;
}

interface ContentRule {
  readonly role: Role;
  readonly extensions: ReadonlySet<string>;
  readonly all: readonly Pattern[];
  readonly not: Pattern | null;
}

export interface RoleRules {
  readonly thirdParty: readonly Pattern[];
  readonly housekeeping: readonly Pattern[];
  readonly tests: readonly Pattern[];
  readonly extensions: Readonly<Record<ExtensionGroup, ReadonlySet<string>>>;
  readonly files: readonly PathRule[];
  readonly code: readonly PathRule[];
  readonly content: readonly ContentRule[];
  /** What code shows that is what its name says. */
  readonly signs: readonly { readonly role: Role; readonly path: Pattern | null; readonly sign: Pattern }[];
  /** Files that only declare. */
  readonly declarations: Pattern;
  readonly frontMatter: { readonly modelCard: readonly string[]; readonly dataCard: readonly string[]; readonly either: readonly string[] };
  /** Titles that make a document a card. */
  readonly titles: readonly { readonly role: Role; readonly title: Pattern }[];
}

type Data = Readonly<Record<string, unknown>>;

const ROLES: readonly Role[] = [
  "weights",
  "weights-index",
  "tokenizer",
  "config",
  "architecture-code",
  "inference-code",
  "training-code",
  "evaluation-code",
  "data-processing-code",
  "code",
  "data",
  "evaluation-data",
  "evaluation-results",
  "model-card",
  "data-card",
  "readme",
  "document",
  "license",
  "policy",
  "paper",
  "package-metadata",
  "host-record",
  "archive",
  "other",
];

let loaded: RoleRules | undefined;

/** Rules for roles, read once. @throws AjarError BAD_RULE_DATA */
export function roleRules(): RoleRules {
  loaded ??= readRules();
  return loaded;
}

function readRules(): RoleRules {
  const data = map(loadRules("detectors").get("roles"));
  const groups = map(data["extensions"]);
  const extensions = {
    code: new Set(words(groups["code"])),
    text: new Set(words(groups["text"])),
    binary: new Set(words(groups["binary"])),
    archive: new Set(words(groups["archive"])),
  };
  const groupOf = (name: string): readonly string[] => [...(new Map(Object.entries(extensions)).get(name) ?? [])];
  const pathRule = (value: unknown): PathRule => {
    const rule = map(value);
    const notExtensions = rule["notExtensions"] === undefined ? [] : words(rule["notExtensions"]).flatMap(groupOf);
    return { role: role(rule["role"]), path: regex(rule["path"]), not: optional(rule["not"]), notExtensions: new Set(notExtensions) };
  };
  const front = map(data["frontMatter"]);
  return {
    thirdParty: words(data["thirdParty"]).map(regex),
    housekeeping: words(data["housekeeping"]).map(regex),
    tests: words(data["tests"]).map(regex),
    extensions,
    files: list(data["files"]).map(pathRule),
    code: list(data["code"]).map(pathRule),
    content: list(data["content"]).map((value) => {
      const rule = map(value);
      return {
        role: role(rule["role"]),
        extensions: new Set(words(rule["extensions"])),
        all: words(rule["all"]).map(regex),
        not: optional(rule["not"]),
      };
    }),
    signs: list(data["signs"]).map((value) => {
      const rule = map(value);
      return { role: role(rule["role"]), path: optional(rule["path"]), sign: regex(rule["sign"]) };
    }),
    declarations: regex(data["declarations"]),
    frontMatter: { modelCard: words(front["model-card"]), dataCard: words(front["data-card"]), either: words(front["either"]) },
    titles: list(data["titles"]).map((value) => ({ role: role(map(value)["role"]), title: regex(map(value)["title"]) })),
  };
}

function role(value: unknown): Role {
  const known = ROLES.find((name) => name === value);
  if (known === undefined) throw bad(`${String(value)} is no role`);
  return known;
}

function regex(value: unknown): Pattern {
  if (typeof value !== "string") throw bad("a pattern was expected");
  try {
    return new Pattern(value, "iu");
  } catch {
    throw bad(`pattern cannot be compiled: ${value}`);
  }
}

function optional(value: unknown): Pattern | null {
  return value === undefined ? null : regex(value);
}

function map(value: unknown): Data {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad("a map was expected");
  return Object.fromEntries(Object.entries(value));
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw bad("a list was expected");
  return value;
}

function words(value: unknown): readonly string[] {
  return list(value).filter((word): word is string => typeof word === "string");
}

function bad(problem: string): AjarError {
  return new AjarError("BAD_RULE_DATA", problem, { subject: "rules/detectors/roles.yaml" });
}
