// One local file with somebody's judgements, as a source of one entry. Shared by mot: and osaii:.
import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { AjarError } from "../core/errors.ts";
import type { ByteRange, Source, SourceContext, SourceEntry, SourceKind, SourceUsage } from "../core/source.ts";
import { clampRange, fileError } from "./local-file.ts";
import { shownInMessage, shownName } from "./paths.ts";

/** The longest record known is 21 kB; the reader of records (src/documents/claims-yaml.ts) refuses more than this too. */
const MAX_FILE_BYTES = 512 * 1024;

type ClaimsKind = Extract<SourceKind, "mot" | "osaii">;

/**
 * Opens `<kind>:PATH` and reads the file once. Whether it is such a record is told by the detector of judgements.
 * @throws AjarError BAD_REFERENCE | NOT_FOUND | UNREADABLE | BAD_CLAIMS_FILE
 */
export async function openClaimsFile(reference: string, kind: ClaimsKind, context: SourceContext): Promise<Source> {
  const prefix = `${kind}:`;
  const written = reference.startsWith(prefix) ? reference.slice(prefix.length) : reference;
  if (written === "" || written.includes("\0")) {
    throw new AjarError("BAD_REFERENCE", `${shownInMessage(reference)}: names no file`, {
      subject: reference,
      hint: `Write ${prefix}FILE.${kind === "mot" ? "yml" : "yaml"}.`,
    });
  }
  const bytes = await readWhole(resolve(context.cwd, written), shownInMessage(written));
  return new ClaimsFileSource(`${prefix}${written}`, kind, shownName(basename(written)), bytes);
}

async function readWhole(path: string, shown: string): Promise<Uint8Array> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new AjarError("BAD_CLAIMS_FILE", `${shown}: not a file`, { subject: shown });
    if (stats.size > MAX_FILE_BYTES) {
      throw new AjarError("BAD_CLAIMS_FILE", `${shown}: more than ${MAX_FILE_BYTES} bytes`, { subject: shown });
    }
    return await readFile(path);
  } catch (cause) {
    throw fileError(cause, shown);
  }
}

class ClaimsFileSource implements Source {
  readonly ref: string;
  readonly kind: SourceKind;
  readonly revision = null;
  readonly listingComplete = true;
  readonly listingProblem = null;
  readonly #path: string;
  readonly #bytes: Uint8Array;

  constructor(ref: string, kind: SourceKind, path: string, bytes: Uint8Array) {
    this.ref = ref;
    this.kind = kind;
    this.#path = path;
    this.#bytes = bytes;
  }

  get usage(): SourceUsage {
    return { bytesRead: this.#bytes.length, requests: 0 };
  }

  async *list(): AsyncGenerator<SourceEntry> {
    yield { path: this.#path, sizeBytes: this.#bytes.length, content: "readable" };
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    if (path !== this.#path) throw new AjarError("NOT_FOUND", `${shownInMessage(path)}: not a file of this source`, { subject: path });
    const { start, length } = clampRange(range, this.#bytes.length);
    return this.#bytes.subarray(start, start + length);
  }

  async close(): Promise<void> {}
}
