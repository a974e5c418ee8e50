// Judges imports by the lists of rules/safety: what is not reviewed is never fine.
import type { GlobalName } from "../../formats/pickle/globals.ts";
import { loadRules } from "../../rules/load.ts";

export type NameVerdict =
  /** Needed by models, runs nothing of the pickle's choosing. */
  | "reviewed"
  /** A class of a library whose own code runs. */
  | "noted"
  /** Fine or not by its arguments. */
  | "checked"
  /** In no list. */
  | "unreviewed"
  | "dangerous"
  /** Reaches through attributes to something else: `numpy.__builtins__`, `torch serialization.os.system`. */
  | "walk"
  /** Carries Python code itself. */
  | "code";

/** What a checked import may be called with; see pickle-allow.yaml. */
export type ArgumentCheck = "first" | "encoding" | "single" | "file";

interface NameLists {
  readonly reviewed: ReadonlySet<string>;
  readonly checked: ReadonlyMap<string, ArgumentCheck>;
  readonly noted: ReadonlyMap<string, readonly string[]>;
  readonly deniedModules: ReadonlySet<string>;
  readonly deniedNames: ReadonlySet<string>;
  readonly private: ReadonlySet<string>;
  readonly aliases: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
  readonly code: ReadonlySet<string>;
  readonly python2Modules: ReadonlyMap<string, string>;
  readonly python2Names: ReadonlyMap<string, string>;
}

const CHECKS: readonly string[] = ["first", "encoding", "single", "file"] satisfies readonly ArgumentCheck[];
let known: NameLists | undefined;

function lists(): NameLists {
  known ??= readLists();
  return known;
}

function readLists(): NameLists {
  const file = (name: string) => Object(loadRules("safety").get(name));
  const allow = file("pickle-allow");
  const deny = file("pickle-deny");
  const python2 = file("pickle-python2");
  return {
    reviewed: qualified(allow["reviewed"]),
    checked: new Map(texts(allow["checked"]).flatMap(([name, check]) => (isCheck(check) ? [[name, check]] : []))),
    noted: new Map(Array.from(allow["noted"], (entry) => [String(Object(entry)["module"]), Object(entry)["names"] ?? []])),
    deniedModules: new Set(deny["modules"]),
    deniedNames: qualified(deny["names"]),
    private: new Set(deny["private"]),
    aliases: new Set(deny["aliases"]),
    classes: new Set(deny["classes"]),
    code: qualified(deny["code"]),
    python2Modules: new Map(texts(python2["modules"])),
    python2Names: new Map(texts(python2["names"])),
  };
}

function isCheck(value: string): value is ArgumentCheck {
  return CHECKS.includes(value);
}

function texts(value: unknown): readonly (readonly [string, string])[] {
  return Object.entries(Object(value)).map(([key, text]) => [key, String(text)] as const);
}

/** `module: [name, …]` as `module.name`. */
function qualified(value: unknown): ReadonlySet<string> {
  return new Set(
    Object.entries(Object(value)).flatMap(([module, names]) =>
      Array.from<unknown, string>(Object(names), (name) => `${module}.${String(name)}`),
    ),
  );
}

/** `module.name` as Python 3 looks it up. */
export function qualifiedName(global: GlobalName): string {
  return global.isPython2 ? python3Name(global) : `${global.module}.${global.name}`;
}

function python3Name(global: GlobalName): string {
  const written = `${global.module}.${global.name}`;
  const { python2Names, python2Modules } = lists();
  const renamed = python2Names.get(written);
  if (renamed !== undefined) return renamed;
  const module = python2Modules.get(global.module);
  return module === undefined ? written : `${module}.${global.name}`;
}

/** What a checked import must be called with. */
export function argumentCheck(name: string): ArgumentCheck | undefined {
  return lists().checked.get(name);
}

/** Judges an import. The order matters: exact names first, then what is certain to be harmful, then whole libraries. */
export function judgeName(global: GlobalName): NameVerdict {
  const name = qualifiedName(global);
  const { reviewed, checked, code } = lists();
  if (reviewed.has(name)) return "reviewed";
  if (checked.has(name)) return "checked";
  if (code.has(name)) return "code";
  // A name of Python 2 is as dangerous under a protocol that does not map it: other unpicklers do.
  if (isDenied(name, global.name) || isDenied(python3Name(global), global.name)) return "dangerous";
  if (isNoted(name, global.name)) return "noted";
  return isWalk(global.name) ? "walk" : "unreviewed";
}

function isDenied(name: string, attribute: string): boolean {
  const { deniedModules, deniedNames, aliases, private: hidden } = lists();
  const parts = name.split(".");
  if (hidden.has(parts[0] ?? "")) return true;
  for (let length = 1; length <= parts.length; length += 1) {
    const prefix = parts.slice(0, length).join(".");
    if (deniedModules.has(prefix) || deniedNames.has(prefix)) return true;
  }
  return aliases.has(attribute.split(".")[0] ?? "");
}

/** `Outer.Inner` in place of a name, and names that Python keeps for itself. */
function isWalk(attribute: string): boolean {
  return attribute.includes(".") || attribute.startsWith("__");
}

const CLASS_NAME = /^_{0,2}[A-Z]\w*$/u;
/** Cython's own reductions of its classes. */
const CYTHON_NAME = /^__pyx_unpickle_\w+$/u;

function isNoted(name: string, attribute: string): boolean {
  const { noted, classes } = lists();
  const isClass = CLASS_NAME.test(attribute) && !classes.has(attribute.replace(/^_+/u, ""));
  for (let at = name.lastIndexOf("."); at > 0; at = name.lastIndexOf(".", at - 1)) {
    const names = noted.get(name.slice(0, at));
    if (names !== undefined) return isClass || CYTHON_NAME.test(attribute) || names.includes(attribute);
  }
  return false;
}
