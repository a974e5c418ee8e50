// Python's version order (PEP 440), as far as choosing the newest release needs it.

/** A parsed version as a list that compares item by item. */
export interface PythonVersion {
  readonly isPrerelease: boolean;
  readonly key: readonly number[];
}

const MAX_LENGTH = 128;
/** Release segments compared; nobody has more. */
const MAX_SEGMENTS = 16;
const PATTERN =
  /^v?(?:(\d{1,9})!)?(\d{1,15}(?:\.\d{1,15})*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d{0,15}))?(?:-(\d{1,15})|[-_.]?(post|rev|r)[-_.]?(\d{0,15}))?(?:[-_.]?(dev)[-_.]?(\d{0,15}))?(\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/u;
const PRE_RANK: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 };
const DEV_ONLY = 0;
const FINAL = 4;

/** Null for text that is no version. */
export function parsePythonVersion(text: string): PythonVersion | null {
  if (text.length > MAX_LENGTH) return null;
  const match = PATTERN.exec(text.trim().toLowerCase());
  if (match === null) return null;
  const [, epoch, release = "", pre, preNumber, implicitPost, post, postNumber, dev, devNumber, local] = match;
  const segments = release.split(".").map(Number);
  if (segments.length > MAX_SEGMENTS) return null;
  while (segments.length < MAX_SEGMENTS) segments.push(0);
  const isPost = post !== undefined || implicitPost !== undefined;
  const key = [
    count(epoch),
    ...segments,
    rankOf(pre, dev, isPost),
    count(preNumber),
    isPost ? count(implicitPost ?? postNumber) : -1,
    dev === undefined ? Number.MAX_SAFE_INTEGER : count(devNumber),
    local === undefined ? 0 : 1,
  ];
  return { isPrerelease: pre !== undefined || dev !== undefined, key };
}

function rankOf(pre: string | undefined, dev: string | undefined, isPost: boolean): number {
  if (pre !== undefined) return PRE_RANK[pre] ?? 3;
  // A development release without pre or post part comes before every pre-release of its version.
  return dev !== undefined && !isPost ? DEV_ONLY : FINAL;
}

function count(digits: string | undefined): number {
  return Number(digits ?? 0);
}

/** Negative, zero or positive; local parts (`+x`) only count as newer than none. */
export function comparePythonVersions(a: PythonVersion, b: PythonVersion): number {
  for (let at = 0; at < a.key.length; at += 1) {
    const difference = (a.key[at] ?? 0) - (b.key[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
