// Shapes of the files that scripts/derive-licenses.ts reads.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { LICENSE_KINDS } from "../src/core/license.ts";
import { compareText } from "../src/core/text.ts";

const kind = z.enum(LICENSE_KINDS);
const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => (typeof value === "string" ? [value] : value));

export const recordSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind,
  osiApproved: z.boolean().default(false),
  fsfLibre: z.boolean().default(false),
  aliases: z.array(z.string()).default([]),
  /** Name of its fingerprint in rules/data/licenses-texts.bin; absent when no text is known. */
  fingerprint: z.string().optional(),
  /** Phrases that each start a part which is also spread alone, e.g. one of two languages. */
  parts: z.array(z.string()).default([]),
  source: z.string(),
  checked: z.string(),
  notes: z.string().optional(),
  restrictions: z
    .array(z.strictObject({ term: z.string(), clause: z.coerce.string(), summary: z.string(), locate: oneOrMore.default([]) }))
    .default([]),
});
export type RecordFile = z.infer<typeof recordSchema>;

const settingsSchema = z.strictObject({
  equivalent: z.array(z.array(z.string())),
  sameTerms: z.array(z.string()),
  variants: z.array(z.strictObject({ id: z.string(), until: z.string() })),
  languages: z.array(z.strictObject({ id: z.string(), second: z.string(), appendix: z.string() })),
  appendices: z.array(z.strictObject({ ids: z.array(z.string()), from: z.string() })),
  preambles: z.array(z.strictObject({ ids: z.array(z.string()), until: z.string() })),
  notices: z.array(z.strictObject({ to: z.string(), in: z.string(), from: z.string(), through: z.string() })),
  kinds: z.array(z.strictObject({ kind, ids: z.array(z.string()), why: z.string() })),
  fsfLibre: z.strictObject({ source: z.string(), ids: z.array(z.string()) }),
  families: z.array(z.string()),
  names: z.record(z.string(), z.string()),
  urls: z.record(z.string(), z.string()),
});
export type Settings = z.infer<typeof settingsSchema>;

export function readSettings(root: string): Settings {
  return settingsSchema.parse(parse(readFileSync(join(root, "scripts/derive-licenses.yaml"), "utf8")));
}

/** License records in order of file name; the file name must be the id. */
export function readRecords(root: string): RecordFile[] {
  const folder = join(root, "rules/licenses");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort(compareText)
    .map((name) => {
      const record = recordSchema.parse(parse(readFileSync(join(folder, name), "utf8")), { error: () => `rules/licenses/${name}` });
      if (`${record.id}.yaml` !== name) throw new Error(`rules/licenses/${name}: the id is ${record.id}`);
      return record;
    });
}

/** Fingerprints by name: one Uint32 entry a word, and where its parts begin. */
export type Fingerprints = Map<string, Uint32Array>;

const FINGERPRINT_FILE = "rules/data/licenses-texts.bin";

/** The file is a line of JSON (name -> number of entries) and then the entries, little-endian, in that order. */
export function readFingerprints(root: string): Fingerprints {
  const path = join(root, FINGERPRINT_FILE);
  const prints: Fingerprints = new Map();
  if (!existsSync(path)) return prints;
  const file = readFileSync(path);
  const lineEnd = file.indexOf(10);
  const sizes = z.record(z.string(), z.number()).parse(JSON.parse(file.subarray(0, lineEnd).toString("utf8")));
  let at = lineEnd + 1;
  for (const [name, size] of Object.entries(sizes)) {
    const bytes = new Uint8Array(file.subarray(at, at + size * 4));
    prints.set(name, new Uint32Array(bytes.buffer, 0, size));
    at += size * 4;
  }
  return prints;
}

export function writeFingerprints(root: string, prints: Fingerprints): void {
  const names = [...prints.keys()].sort(compareText);
  const sizes = Object.fromEntries(names.map((name) => [name, prints.get(name)?.length ?? 0]));
  const parts = names.map((name) => {
    const entries = prints.get(name) ?? new Uint32Array();
    return Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength);
  });
  writeFileSync(join(root, FINGERPRINT_FILE), Buffer.concat([Buffer.from(`${JSON.stringify(sizes)}\n`), ...parts]));
}
