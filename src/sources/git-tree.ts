// The listing of a commit: `git ls-tree`, sizes, links, submodules and LFS pointers.
import { AjarError } from "../core/errors.ts";
import type { SourceEntry } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import { type GitRun, runGit, streamGit } from "./git-command.ts";
import { type BlobReader, readSizes } from "./git-objects.ts";
import { type LfsPointer, mayBeLfsPointer, parseLfsPointer } from "./lfs.ts";
import type { ListingProblems } from "./limits.ts";
import { checkPathBytes, MAX_PATH_CHARACTERS, shownBytes, shownInMessage } from "./paths.ts";

export interface TreeListing {
  readonly run: GitRun;
  readonly commit: string;
  readonly blobs: BlobReader;
  readonly maxEntries: number;
  readonly problems: ListingProblems;
  /** Blobs that are not in the store are on the server and can be had. */
  readonly isPartial: boolean;
}

interface Row {
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
}

const SYMLINK = "120000";
const SUBMODULE = "160000";
/** Mode, type, object id, path in UTF-8, with room. */
const ROW_BYTES = 128 + MAX_PATH_CHARACTERS * 4;
const GITMODULES_BYTES = 1024 ** 2;
/** Small blobs held at a time: at most 4 MiB. */
const PEEKED_AT_ONCE = 1024;

/** Entries of a commit, sorted by path, each once. What was left out is in `problems`. */
export async function readTree(listing: TreeListing): Promise<readonly SourceEntry[]> {
  const rows = await readRows(listing);
  const blobs = rows.filter(({ mode }) => mode !== SUBMODULE);
  const sizes = await readSizes(listing.run, [...new Set(blobs.map(({ oid }) => oid))]);
  const peeked = await peekAtBlobs(listing.blobs, blobs, sizes);
  const modules = await readSubmoduleUrls(listing, rows);
  return rows.map((row) => {
    if (row.mode === SUBMODULE) {
      return { path: row.path, sizeBytes: null, content: "submodule", gitOid: row.oid, target: modules.get(row.path) ?? row.oid };
    }
    return blobEntry(row, sizes.get(row.oid), peeked.get(row.oid), listing.isPartial);
  });
}

function blobEntry(row: Row, sizeBytes: number | undefined, peeked: Peeked | undefined, isPartial: boolean): SourceEntry {
  const known = { path: row.path, gitOid: row.oid };
  if (row.mode === SYMLINK) {
    return { ...known, sizeBytes: null, content: "symlink", ...(peeked === undefined ? {} : { target: peeked.target }) };
  }
  if (sizeBytes === undefined) return { ...known, sizeBytes: null, content: isPartial ? "readable" : "unreadable" };
  if (peeked === undefined || peeked.pointer === null) return { ...known, sizeBytes, content: "readable" };
  return { ...known, sizeBytes: peeked.pointer.sizeBytes, content: "lfs-pointer", claimedSha256: peeked.pointer.sha256 };
}

/** What the listing needs of a small blob, as a link and as a file. */
interface Peeked {
  readonly target: string;
  readonly pointer: LfsPointer | null;
}

async function peekAtBlobs(
  reader: BlobReader,
  rows: readonly Row[],
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, Peeked>> {
  const links = new Set<string>();
  const wanted = new Set<string>();
  for (const { mode, oid } of rows) {
    const size = sizes.get(oid) ?? Number.POSITIVE_INFINITY;
    const isWanted = mode === SYMLINK ? size <= MAX_PATH_CHARACTERS : mayBeLfsPointer(size);
    if (isWanted) wanted.add(oid);
    if (isWanted && mode === SYMLINK) links.add(oid);
  }
  const oids = [...wanted];
  const peeked = new Map<string, Peeked>();
  for (let at = 0; at < oids.length; at += PEEKED_AT_ONCE) {
    const batch = oids.slice(at, at + PEEKED_AT_ONCE);
    const contents = await reader.read(batch);
    for (const [index, oid] of batch.entries()) {
      const peek = peekOf(contents[index] ?? null);
      if (peek !== null && (peek.pointer !== null || links.has(oid))) peeked.set(oid, peek);
    }
  }
  return peeked;
}

function peekOf(bytes: Buffer | null): Peeked | null {
  return bytes === null ? null : { target: shownBytes(bytes), pointer: parseLfsPointer(bytes) };
}

async function readRows(listing: TreeListing): Promise<readonly Row[]> {
  const rows = new Map<string, Row>();
  for await (const line of readNulLines(listing)) {
    const row = parseRow(line);
    if (row === null) continue;
    if (row.kind === "unsafe") listing.problems.add(`${row.shown}: ${row.problem}`);
    else if (rows.has(row.path)) listing.problems.add(`${row.path}: listed twice`);
    else if (rows.size === listing.maxEntries) {
      // Git lists in order, so what is cut off is the same in every run.
      listing.problems.add(`more than ${listing.maxEntries} entries; the listing stops before ${row.path}`);
      break;
    } else rows.set(row.path, row);
  }
  return [...rows.values()].sort((a, b) => compareText(a.path, b.path));
}

type ParsedRow = ({ readonly kind: "row" } & Row) | { readonly kind: "unsafe"; readonly shown: string; readonly problem: string };

/** `<mode> <type> <oid>\t<path>` */
function parseRow(line: Buffer): ParsedRow | null {
  const tab = line.indexOf(0x09);
  const fields = /^(\d{6}) [a-z]+ ([0-9a-f]{40,64})$/u.exec(line.toString("latin1", 0, Math.max(0, tab)));
  const [, mode, oid] = fields ?? [];
  if (mode === undefined || oid === undefined) {
    throw new AjarError("BAD_RESPONSE", `git ls-tree printed ${shownInMessage(line.toString("latin1", 0, 80))}`);
  }
  const checked = checkPathBytes(line.subarray(tab + 1));
  return checked.kind === "unsafe" ? checked : { kind: "row", path: checked.path, mode, oid };
}

async function* readNulLines(listing: TreeListing): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of streamGit(listing.run, ["ls-tree", "-r", "-z", "--full-tree", listing.commit])) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, start)) {
      yield bytes.subarray(start, end);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > ROW_BYTES) throw new AjarError("OVER_LIMIT", `a name in the tree is longer than ${MAX_PATH_CHARACTERS} characters`);
  }
}

/** Submodule path -> URL as .gitmodules states it. */
async function readSubmoduleUrls(listing: TreeListing, rows: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  const file = rows.find(({ path, mode }) => path === ".gitmodules" && mode !== SUBMODULE);
  if (file === undefined || !rows.some(({ mode }) => mode === SUBMODULE)) return new Map();
  const args = ["config", "--no-includes", "-z", "--blob", file.oid, "--get-regexp", "^submodule\\..*\\.(path|url)$"];
  const printed = await runGit(listing.run, args, GITMODULES_BYTES).catch(() => Buffer.alloc(0));
  const paths = new Map<string, string>();
  const urls = new Map<string, string>();
  for (const record of printed.toString("utf8").split("\0")) {
    const [key, value] = record.split("\n", 2);
    const [, name, field] = /^submodule\.(.*)\.(path|url)$/su.exec(key ?? "") ?? [];
    if (name === undefined || value === undefined) continue;
    (field === "path" ? paths : urls).set(name, value);
  }
  return new Map([...paths].flatMap(([name, path]) => urlAt(path, urls.get(name))));
}

function urlAt(path: string, url: string | undefined): readonly (readonly [string, string])[] {
  const checked = checkPathBytes(Buffer.from(path));
  return checked.kind === "unsafe" || url === undefined ? [] : [[checked.path, shownInMessage(url)]];
}
