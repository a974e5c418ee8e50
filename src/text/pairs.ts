// Tables of pairs: what stands there, what it becomes.

/** Reads `aбbв` as a→б, b→в; a pair is two characters, which may be of a supplementary plane. */
export function readPairs(packed: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  let from: string | null = null;
  for (const char of packed) {
    if (from === null) from = char;
    else {
      map.set(from, char);
      from = null;
    }
  }
  return map;
}
