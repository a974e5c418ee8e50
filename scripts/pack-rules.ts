// Packs the YAML below rules/ into dist/rules/, a file a folder, because parsing YAML costs more than the rest of a start;
// folders of which few entries are wanted at a time go there entry by entry. Binary rule data stays where it is.
// The shape is what src/rules/load.ts reads.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";
import { compareText } from "../src/core/text.ts";
import { computeRulesVersion, SINGLE_FOLDERS } from "../src/rules/load.ts";
import { packPlan } from "../src/rules/pattern-plan.ts";
import { termsFileSchema } from "./terms-schema.ts";

type Folders = Record<string, Record<string, unknown>>;

/** All YAML files of a folder and its subfolders, by subfolder and by name without extension. */
export function readFolders(root: string): Folders {
  const folders: Folders = {};
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" }).sort(compareText)) {
    if (!name.endsWith(".yaml")) continue;
    const path = join(root, name);
    const folder = relative(root, dirname(path)).replaceAll("\\", "/");
    const entries = folders[folder] ?? {};
    entries[name.slice(name.lastIndexOf("/") + 1, -".yaml".length)] = parse(readFileSync(path, "utf8"));
    folders[folder] = entries;
  }
  return folders;
}

/** The plan of every text among the detectors' rules: reading patterns at each start would cost more than it saves. */
function plansIn(detectors: Record<string, unknown>): Record<string, string> {
  const phrases = new Map(Object.entries(Object(detectors["phrases"])));
  const plans: Record<string, string> = {};
  const visit = (value: unknown): void => {
    if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
    if (typeof value !== "string") return;
    const filled = value.replace(/@\{([a-z-]+)\}/gu, (_whole, phrase: string) => `(?:${String(phrases.get(phrase) ?? "").trim()})`);
    for (const source of new Set([filled, filled.trim()])) {
      const plan = packPlan(source);
      if (plan !== null) plans[source] = plan;
    }
  };
  visit(detectors);
  return plans;
}

/** Writes the entries of a folder of SINGLE_FOLDERS. */
function writeEntries(out: string, folder: string, entries: Readonly<Record<string, unknown>>): void {
  const path = join(out, "rules", folder);
  mkdirSync(path, { recursive: true });
  for (const [name, entry] of Object.entries(entries)) {
    if (folder === "terms") termsFileSchema.parse(entry, { error: () => `rules/terms/${name}.yaml` });
    writeFileSync(join(path, `${name}.json`), JSON.stringify(entry));
  }
}

/** Writes dist/rules/, and dist/rules.json with what is derived from all of it. */
export function packRules(projectRoot: string): void {
  const out = join(projectRoot, "dist");
  const folders = readFolders(join(projectRoot, "rules"));
  for (const [folder, entries] of Object.entries(folders)) {
    if (SINGLE_FOLDERS.includes(folder)) writeEntries(out, folder, entries);
    else writeFolder(join(out, "rules", `${folder}.json`), entries);
  }
  const derived = { version: computeRulesVersion(), plans: plansIn(folders["detectors"] ?? {}) };
  writeFileSync(join(out, "rules.json"), JSON.stringify(derived));
}

function writeFolder(file: string, entries: Readonly<Record<string, unknown>>): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(entries));
}

if (import.meta.main) packRules(join(import.meta.dirname, ".."));
