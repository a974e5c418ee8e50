// Packs the YAML below rules/ into dist/rules.json, because parsing YAML costs more than the rest of a start; folders of
// which few entries are wanted at a time go to dist/rules/ file by file. Binary rule data stays where it is.
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

/** Writes the pack and returns its size in bytes. */
export function packRules(projectRoot: string): number {
  const folders = readFolders(join(projectRoot, "rules"));
  for (const folder of SINGLE_FOLDERS) {
    writeEntries(join(projectRoot, "dist"), folder, folders[folder] ?? {});
    delete folders[folder];
  }
  const pack = JSON.stringify({ version: computeRulesVersion(), folders, plans: plansIn(folders["detectors"] ?? {}) });
  const out = join(projectRoot, "dist");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "rules.json"), pack);
  return Buffer.byteLength(pack);
}

if (import.meta.main) packRules(join(import.meta.dirname, ".."));
