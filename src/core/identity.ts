// What a release is, told by its bytes: digests of files, of tensors, of the whole. docs/identity.md defines each.

/** Where a digest comes from. `stated`: somebody else's word (LFS pointer, listing, registry), not checked by Ajar. */
type DigestBasis = "computed" | "stated";

/** Why something has no digest. */
export interface Withheld {
  /** Code of an AjarError, or the state of the entry: `lfs-pointer`, `symlink`, `gated` … */
  readonly code: string;
  /** Not translated. */
  readonly detail?: string;
}

export interface DigestedFile {
  readonly path: string;
  readonly sizeBytes: number | null;
  /** SHA-256 (hex) of the content; null when there is none to give. */
  readonly sha256: string | null;
  readonly basis: DigestBasis | null;
  /** SHA-256 (hex) that somebody else states, where the content was read too. */
  readonly claimedSha256?: string;
  readonly withheld?: Withheld;
}

/** Why a tensor has no digest; sentences: `identity.undigested.<reason>`. */
export type UndigestedReason =
  /** Chunked, compressed or written number by number. */
  | "not-plain"
  /** Texts, objects, or a type that Ajar does not know. */
  | "unknown-type"
  /** Type and shape need another number of bytes than there are. */
  | "size-differs"
  /** Its bytes are said to lie where the file or member has none. */
  | "outside"
  /** The file or member that holds it is not there or cannot be read. */
  | "unread"
  /** Larger than what is put into order in memory, or all tensors together larger than the file can honestly hold. */
  | "over-limit"
  /** The reader did not understand all of the file: there may be more tensors than were seen. */
  | "unseen";

export interface DigestedTensor {
  readonly name: string;
  /** Canonical, as it is hashed. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** SHA-256 (hex) under `ajar.tensor.v1`. */
  readonly sha256: string;
}

/** Weights that are loaded as one: a file, or the shards of an index or of a numbered series. */
export interface WeightSet {
  /** Path of the file, of the index, or of the series with `*` for the numbers. */
  readonly id: string;
  readonly format: string;
  /** Sorted. */
  readonly files: readonly string[];
  /** Whether loaders open it; a set that only training reads, or that loaders pass over, is no part of the release's weights. */
  readonly counts: boolean;
  /** SHA-256 (hex) under `ajar.weights.v1`; null when a tensor is without digest. */
  readonly sha256: string | null;
  /** Tensors with a digest, names of tied ones not counted again. */
  readonly tensors: number;
  readonly elements: number;
  /** Names that stand for the bytes of another one. */
  readonly aliases: number;
  readonly undigested: Readonly<Partial<Record<UndigestedReason, number>>>;
  /** Each tensor, sorted by name; only when asked for. */
  readonly list?: readonly DigestedTensor[];
}

/** All weights that count, each tensor as often as in the set that has it most often. */
export interface ReleaseWeights {
  readonly sha256: string | null;
  readonly tensors: number;
  /** Different tensors among them. */
  readonly distinct: number;
  readonly elements: number;
}

/** Digest as OpenSSF Model Signing puts it into the subject of a signature. */
export interface RootDigest {
  /** Null when a file is without digest, or the release has what a signature cannot cover. */
  readonly sha256: string | null;
  /** `stated` when the digest of at least one file is. */
  readonly basis: DigestBasis;
  readonly files: number;
  /** Files at the top that are not part of it: git's own, and signatures. */
  readonly ignored: readonly string[];
  /** What model_signing 1.1 makes of the same files, whose order is by path segment, where that is another digest. */
  readonly byPathSegment?: string;
  readonly withheld?: Withheld;
}

export interface ReleaseIdentity {
  readonly ref: string;
  readonly kind: string;
  readonly revision: string | null;
  readonly root: RootDigest;
  /** Null when tensors were not asked for, or none was seen. */
  readonly weights: ReleaseWeights | null;
  /** Sorted by id. */
  readonly sets: readonly WeightSet[];
  /** Sorted by path. */
  readonly files: readonly DigestedFile[];
  /** Nothing was left out of the listing, and every file that has content was read. */
  readonly complete: boolean;
  readonly listingProblem: string | null;
}

/** How two releases relate. */
export type IdentityRelation =
  /** The same files. */
  | "identical"
  /** Other files, the same tensors: re-sharded, renamed, reordered, or in another format. */
  | "same-weights"
  /** The same different tensors, some another number of times. */
  | "same-tensors"
  /** Some tensors are the same. */
  | "overlapping"
  | "different"
  /** What was not read could decide it. */
  | "unknown";

export interface IdentityComparison {
  readonly relation: IdentityRelation;
  /** Different tensors of each side, and of both. */
  readonly tensors: { readonly a: number; readonly b: number; readonly both: number };
  readonly files: { readonly a: number; readonly b: number; readonly both: number };
  /** Files of one path whose content differs, sorted. */
  readonly changed: readonly string[];
}
