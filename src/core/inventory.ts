import type { SourceEntry, SourceKind, SourcePart } from "./source.ts";

/** What a file is for. One file may have several. */
export type Role =
  | "weights"
  | "weights-index"
  | "tokenizer"
  | "config"
  | "architecture-code"
  | "inference-code"
  | "training-code"
  | "evaluation-code"
  | "data-processing-code"
  | "code"
  | "data"
  | "evaluation-data"
  | "evaluation-results"
  | "model-card"
  | "data-card"
  | "readme"
  | "document"
  | "license"
  | "policy"
  | "paper"
  | "package-metadata"
  | "host-record"
  | "archive"
  | "other";

export interface Artifact extends SourceEntry {
  readonly roles: readonly Role[];
  /** `sha256:<hex>` of content Ajar read, else `git-blob:<hex>` or `claimed-sha256:<hex>`, else `path:<sha256 of path and size>` (nothing but the entry is known). */
  readonly digest: string;
  /** Text decoded as UTF-8 (invalid bytes replaced), for files small enough to read whole; null otherwise. */
  readonly text: string | null;
  /** Path names vendored or third-party code. */
  readonly thirdParty: boolean;
}

export type SkipReason =
  /** No rule wants its content; its listing entry was used. Does not make an audit partial. */
  | "not-needed"
  /** The recording does not hold it. Partial only when the content was wanted. */
  | "not-recorded"
  | "gated"
  | "over-limit"
  | "unreadable"
  | "malformed"
  /** The listing itself: there is more, or an entry of it cannot be. One row a source, with an empty path. */
  | "listing"
  | "digest-mismatch"
  | "unsupported"
  | "symlink"
  | "submodule"
  | "lfs-pointer"
  /** Left out by the reader's own patterns; one row for all such files of a source, with an empty path. */
  | "excluded";

export interface Skipped {
  readonly path: string;
  readonly reason: SkipReason;
  /** One sentence for the reader. */
  readonly detail?: string;
  /** Whether the audit is partial because of it. */
  readonly partial: boolean;
}

/** Everything one source holds, with what was read of it. */
export interface SourceInventory {
  readonly ref: string;
  readonly kind: SourceKind;
  readonly revision: string | null;
  readonly part: SourcePart;
  /** `sha256:<hex>` over the sorted (path, size, digest) lines: the digest of the listing. */
  readonly digest: string;
  readonly artifacts: readonly Artifact[];
  readonly listingComplete: boolean;
  readonly listingProblem: string | null;
  readonly skipped: readonly Skipped[];
  readonly filesListed: number;
  readonly filesRead: number;
  readonly bytesRead: number;
}
