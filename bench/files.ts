// npm run bench:files [-- PART...]: what weight files cost. Parts: digests, listing, http, memory; all when none is named.
// Peers are measured in the same run. AJAR_SAFETENSORS names a Python that has the safetensors package; `npm run build` first.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digests } from "./files/digests.ts";
import { http } from "./files/http.ts";
import { listing } from "./files/listing.ts";
import { PROGRAM } from "./files/measure.ts";
import { memory } from "./files/memory.ts";

const PARTS = { digests, listing, http, memory };

if (!existsSync(PROGRAM)) throw new Error("dist/bin.cjs is missing: run `npm run build`");
const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "ajar-files-"));
try {
  for (const [name, part] of Object.entries(PARTS)) if (wanted.length === 0 || wanted.includes(name)) await part(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
