// The start of a file as the text of a JSON object: asked of every file, so what is none is told by a few bytes.

/** Space, tab, line ends: all that JSON allows before a value. */
const SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const BRACE = 0x7b;
/** What was decoded last. */
let latest: { readonly head: Uint8Array; readonly length: number; readonly text: string } | undefined;

/** The first bytes as Latin-1; empty when they do not begin a JSON object. */
export function objectText(head: Uint8Array, length: number = head.length): string {
  let at = 0;
  while (SPACE.has(head[at] ?? 0)) at += 1;
  if (head[at] !== BRACE) return "";
  // Several scanners ask the same of one file, one after the other.
  if (latest?.head !== head || latest.length !== length) {
    latest = { head, length, text: Buffer.from(head.buffer, head.byteOffset, Math.min(length, head.length)).toString("latin1") };
  }
  return latest.text;
}
