// How many tokens a reply says it took, without parsing all of it.

export interface Usage {
  readonly input: number;
  readonly output: number;
}

const MARK = Buffer.from('"usage"');
/** An object of usage with all its details is far smaller. */
const LONGEST = 4096;

/**
 * The last object named `usage` in a reply or a chunk of a stream, null where there is none. Inside a string of JSON the mark
 * cannot occur: its quotes would be escaped.
 */
export function usageIn(bytes: Uint8Array): Usage | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = buffer.lastIndexOf(MARK);
  if (at === -1) return null;
  const text = buffer.toString("latin1", at + MARK.length, at + MARK.length + LONGEST);
  if (!/^\s*:\s*\{/u.test(text)) return null;
  const input = numberOf(/"(?:prompt|input)_tokens"\s*:\s*(\d{1,12})/u, text);
  const output = numberOf(/"(?:completion|output)_tokens"\s*:\s*(\d{1,12})/u, text);
  return input === null && output === null ? null : { input: input ?? 0, output: output ?? 0 };
}

function numberOf(pattern: RegExp, text: string): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** What a text of that many bytes takes at least, where nobody counted: about four bytes a token. */
export function estimatedTokens(bytes: number): number {
  return Math.ceil(bytes / 4);
}
