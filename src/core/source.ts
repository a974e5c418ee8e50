// Where a release comes from. A source lists entries and hands out bytes; it never judges them.

export type SourceKind = "folder" | "git" | "hub-model" | "hub-dataset" | "npm" | "pypi" | "archive" | "recorded" | "mot" | "osaii";

/** Which part of a release a source was given for; `all` lets every role be found in it. */
export type SourcePart = "all" | "code" | "data" | "docs" | "weights";

/** Whether the bytes of an entry can be had through this source, and if not, why. */
export type ContentState =
  | "readable"
  /** Listed by a recording that does not hold the content. */
  | "not-recorded"
  /** The host lists it but refuses the bytes until terms are accepted. */
  | "gated"
  /** A Git LFS pointer stands in its place; `claimedSha256` and `sizeBytes` come from the pointer. */
  | "lfs-pointer"
  /** A commit of another repository; `target` is that commit or its URL. */
  | "submodule"
  /** A symbolic link; never followed. `target` is where it points. */
  | "symlink"
  /** Encrypted or an unsupported compression inside an archive. */
  | "unsupported"
  /** Present in the listing but cannot be opened (permission, missing blob). */
  | "unreadable";

export interface SourceEntry {
  /** POSIX path relative to the source, no leading slash, no `.` or `..`. `@host/...` is a record of what the host said, not a file of the release. Nested archives: `a.zip!inner/b`. */
  readonly path: string;
  /** Bytes of content, not of a pointer; null when not known. */
  readonly sizeBytes: number | null;
  readonly content: ContentState;
  /** SHA-256 (hex) somebody else states for the content: LFS pointer, hub listing, registry. Not checked by Ajar. */
  readonly claimedSha256?: string;
  /** SHA-256 (hex) that Ajar computed itself, where all bytes passed through its hands anyway (a package that had to be transferred whole). */
  readonly sha256?: string;
  /** Git blob SHA-1 (hex) from a tree listing. */
  readonly gitOid?: string;
  readonly target?: string;
}

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** Bytes as they lie in a regular file of this machine, for readers that open it themselves. */
export interface LocalBytes {
  /** Absolute path as the file system has it, which need not be UTF-8. */
  readonly file: Uint8Array;
  readonly start: number;
  readonly length: number;
  /** What the file looked like when it was listed (`signatureOf` in src/sources/local-file.ts); another one then, or afterwards, is another file. */
  readonly signature: string;
}

/** Bytes fetched so far, for the coverage block. */
export interface SourceUsage {
  readonly bytesRead: number;
  readonly requests: number;
  /** Size of the whole target when a host states it, e.g. a package file. */
  readonly packageBytes?: number;
  /** Whether the target could be read in parts; `whole`: its format (a .tar.gz) or its host allows none, all of it was transferred. */
  readonly transfer?: "ranges" | "whole";
}

export interface Source {
  /** The reference as the user would write it again, revision pinned where there is one. */
  readonly ref: string;
  readonly kind: SourceKind;
  /** Commit, version or recording revision; null when the source has none. */
  readonly revision: string | null;
  /** True once `list()` ended and nothing was left out of the listing. */
  readonly listingComplete: boolean;
  /** Why the listing is incomplete, when it is: a limit, a refused page. */
  readonly listingProblem: string | null;
  readonly usage: SourceUsage;
  /** Entries sorted by path in code-point order, each path once. */
  list(): AsyncIterable<SourceEntry>;
  /**
   * Bytes of one entry. Without a range the whole content, with one the bytes that exist in it.
   * @throws AjarError with a SourceCode or FormatCode
   */
  read(path: string, range?: ByteRange): Promise<Uint8Array>;
  /** Where the content lies plainly in a file of this machine; null where it does not. Absent: it never does. @throws AjarError as `read` */
  locate?(path: string): Promise<LocalBytes | null>;
  /** The whole content in order and in bounded memory; null, or absent, where reading range after range costs no more. @throws AjarError as `read` */
  stream?(path: string): AsyncIterable<Uint8Array> | null;
  close(): Promise<void>;
}

/** What the outside world looks like to a source; all of it injected so that audits are repeatable. */
export interface SourceContext {
  readonly offline: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly limits: SourceLimits;
  /** Waits for a turn at a host before each request to it; absent where nobody else asks. */
  readonly turn?: (host: string) => Promise<void>;
  /** Called with short progress words; must not throw. */
  readonly progress: (message: string) => void;
}

export interface SourceLimits {
  /** Bytes one audit may read from one source. */
  readonly maxBytes: number;
  readonly maxArchiveDepth: number;
  readonly maxEntries: number;
  /** Uncompressed bytes allowed per compressed byte. */
  readonly maxRatio: number;
  readonly timeoutMs: number;
}

export const DEFAULT_LIMITS: SourceLimits = {
  maxBytes: 4 * 1024 ** 3,
  maxArchiveDepth: 2,
  maxEntries: 200_000,
  maxRatio: 200,
  timeoutMs: 60_000,
};

/** One way of finding a release. Each file in src/sources exports one as `source`. */
export interface SourceProvider {
  readonly id: string;
  /** Schemes it answers to, e.g. `["hf"]` for `hf:owner/name`. */
  readonly schemes: readonly string[];
  /** Whether it wants a reference that has no scheme. Must not touch the network. */
  claims(reference: string, context: SourceContext): Promise<boolean>;
  /** @throws AjarError BAD_REFERENCE | NOT_FOUND | GATED | OFFLINE | UNREACHABLE … */
  open(reference: string, context: SourceContext): Promise<Source>;
}

/** Random access to bytes of known length, for format readers. */
export interface ByteReader {
  readonly sizeBytes: number;
  /** Exactly `length` bytes. @throws AjarError TRUNCATED when the range passes the end */
  read(start: number, length: number): Promise<Uint8Array>;
  /** Fills `bytes` instead of making new ones, where the reader can: for whoever reads on and on. @throws AjarError as `read` */
  readInto?(start: number, bytes: Uint8Array): Promise<void>;
}
