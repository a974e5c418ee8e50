// Git LFS pointer files, told by content: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md

/** The specification: a pointer file is smaller than 1024 bytes. */
export const LFS_POINTER_MAX_BYTES = 1023;
/** First line, an oid line and a size line; nothing shorter can be a pointer. */
export const LFS_POINTER_MIN_BYTES = 120;

const FIRST_LINE = "version https://git-lfs.github.com/spec/v1\n";

export interface LfsPointer {
  /** Hex, as the pointer claims it. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Whether a file of this size may be a pointer, so that others need not be opened. */
export function mayBeLfsPointer(sizeBytes: number): boolean {
  return sizeBytes >= LFS_POINTER_MIN_BYTES && sizeBytes <= LFS_POINTER_MAX_BYTES;
}

/** The pointer in these bytes, or null when they are anything else. */
export function parseLfsPointer(bytes: Uint8Array): LfsPointer | null {
  if (!mayBeLfsPointer(bytes.length)) return null;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  if (!text.startsWith(FIRST_LINE)) return null;
  let sha256: string | null = null;
  let sizeBytes: number | null = null;
  for (const line of text.slice(FIRST_LINE.length).split("\n")) {
    sha256 ??= /^oid sha256:([0-9a-f]{64})$/u.exec(line)?.[1] ?? null;
    sizeBytes ??= sizeOf(/^size ([0-9]{1,16})$/u.exec(line)?.[1]);
  }
  return sha256 === null || sizeBytes === null ? null : { sha256, sizeBytes };
}

function sizeOf(digits: string | undefined): number | null {
  const size = Number(digits ?? Number.NaN);
  return Number.isSafeInteger(size) ? size : null;
}
