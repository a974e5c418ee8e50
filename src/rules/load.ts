// Reads the knowledge under rules/. From source it is YAML; the build packs each folder into a JSON file
// of its own, because parsing YAML costs more than the rest of a start, and a start asks for few of them.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AjarError } from "../core/errors.ts";
import { compareText } from "../core/text.ts";

/** Name without extension -> parsed content, in code-point order of names. */
export type RuleFolder = ReadonlyMap<string, unknown>;

interface PackedRules {
  readonly version: string;
  /** Pattern source, phrases filled in -> how to look for it, as `packPlan` writes it. */
  readonly plans: Readonly<Record<string, string>>;
}

const here = fileURLToPath(new URL(".", import.meta.url));
const packedFile = findUp("dist/rules.json");
/** Whether this is the built program, whose rules were checked and packed with it. */
export const rulesArePacked: boolean = /[\\/]dist[\\/]/u.test(here);

/** Folder that holds rules/ (source) or dist/ (build); also home of binary rule data, see `ruleDataPath`. */
export const packageRoot: string = rootFolder();

function rootFolder(): string {
  let folder = here;
  for (let depth = 0; depth < 6; depth += 1) {
    if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "rules"))) return folder;
    folder = join(folder, "..");
  }
  throw new AjarError("BUG", "the rules folder is missing from the installation", { hint: "Install Ajar again." });
}

function findUp(name: string): string | null {
  let folder = here;
  for (let depth = 0; depth < 6; depth += 1) {
    const candidate = join(folder, name);
    if (existsSync(candidate)) return candidate;
    folder = join(folder, "..");
  }
  return null;
}

const packs = new Map<string, RuleFolder>();
let packed: PackedRules | undefined;

function packedRules(): PackedRules | undefined {
  if (!rulesArePacked || packedFile === null) return undefined;
  // Written by scripts/pack-rules.ts from the same YAML; its shape is checked there.
  packed ??= JSON.parse(readFileSync(packedFile, "utf8")) as PackedRules;
  return packed;
}

/** What the build packed of a folder; null when run from source. */
function packedFolder(folder: string): RuleFolder | null {
  if (!rulesArePacked || packedFile === null) return null;
  return new Map(Object.entries(Object(parsePacked(join(packageRoot, "dist", "rules", `${folder}.json`)))));
}

/** All entries of one folder below rules/, e.g. `standards` or `messages/en`. Cached: rules do not change while Ajar runs. */
export function loadRules(folder: string): RuleFolder {
  const known = packs.get(folder);
  if (known !== undefined) return known;
  const rules = packedFolder(folder) ?? readYamlFolder(folder);
  packs.set(folder, rules);
  return rules;
}

/** Folders of which the build writes one file an entry: large, and few entries are wanted at a time. */
export const SINGLE_FOLDERS: readonly string[] = ["failures", "terms"];

/** Names of entries; no other name reaches the file system. */
const ENTRY_NAME = /^[A-Za-z0-9][A-Za-z0-9.+_-]*$/u;

/** One entry of a folder of SINGLE_FOLDERS, e.g. `terms`, `MIT`; undefined when there is none. Not cached. */
export function loadRule(folder: string, name: string): unknown {
  if (!ENTRY_NAME.test(name)) return undefined;
  const path = rulesArePacked
    ? join(packageRoot, "dist", "rules", folder, `${name}.json`)
    : join(packageRoot, "rules", folder, `${name}.yaml`);
  if (!existsSync(path)) return undefined;
  return rulesArePacked ? parsePacked(path) : parseYaml(folder, `${name}.yaml`);
}

function parsePacked(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new AjarError("BAD_RULE_DATA", "is not what the build wrote", { subject: path, hint: "Install Ajar again.", cause });
  }
}

function readYamlFolder(folder: string): RuleFolder {
  const rules = new Map<string, unknown>();
  for (const name of readdirSync(join(packageRoot, "rules", folder)).sort(compareText)) {
    if (name.endsWith(".yaml")) rules.set(name.slice(0, -".yaml".length), parseYaml(folder, name));
  }
  return rules;
}

function parseYaml(folder: string, name: string): unknown {
  // Loaded late so that the built program, which never gets here, does not pay for the parser.
  const { parse } = createRequire(import.meta.url)("yaml") as typeof import("yaml");
  const subject = `rules/${folder}/${name}`;
  try {
    return parse(readFileSync(join(packageRoot, subject), "utf8"));
  } catch (cause) {
    throw new AjarError("BAD_RULE_DATA", `${subject} is not valid YAML`, { subject, cause });
  }
}

/** How to look for a pattern, as `packPlan` wrote it at build time; undefined for patterns that the build did not see. */
export function packedPlan(source: string): string | undefined {
  return packedRules()?.plans[source];
}

/** Absolute path of a binary rule file, e.g. `data/licenses.bin`. */
export function ruleDataPath(name: string): string {
  return join(packageRoot, "rules", name);
}

/** Version of the rules in force: the date in rules/VERSION and 12 hex digits over every rule file. */
export function rulesVersion(): string {
  return packedRules()?.version ?? computeRulesVersion();
}

/** Hashes every file below rules/, sorted by path. Used at build time and when running from source. */
export function computeRulesVersion(): string {
  const root = join(packageRoot, "rules");
  const hash = createHash("sha256");
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" }).sort(compareText)) {
    const path = join(root, name);
    if (!/\.(?:yaml|bin)$/u.test(name)) continue;
    hash.update(`${name}\0`).update(readFileSync(path)).update("\0");
  }
  const date = readFileSync(join(root, "VERSION"), "utf8").trim();
  return `${date}+${hash.digest("hex").slice(0, 12)}`;
}
