// Packs the YAML below rules/ into dist/rules.json, because parsing YAML costs more than the rest of a start.
// Binary rule data stays where it is. The shape is what src/rules/load.ts reads.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";
import { compareText } from "../src/core/text.ts";
import { computeRulesVersion } from "../src/rules/load.ts";

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

/** Writes the pack and returns its size in bytes. */
export function packRules(projectRoot: string): number {
  const pack = JSON.stringify({ version: computeRulesVersion(), folders: readFolders(join(projectRoot, "rules")) });
  const out = join(projectRoot, "dist");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "rules.json"), pack);
  return Buffer.byteLength(pack);
}

if (import.meta.main) packRules(join(import.meta.dirname, ".."));
