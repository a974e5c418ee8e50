// Content that no model loader takes for code or weights: text, pictures, sound, documents, tables.

/** First bytes of such formats, as their specifications give them. */
const MARKS: readonly (readonly [number, string])[] = [
  [0, "\x89PNG\r\n"],
  [0, "\xff\xd8\xff"],
  [0, "GIF8"],
  [8, "WEBP"],
  [8, "WAVE"],
  [8, "AVI "],
  [4, "ftyp"],
  [0, "ID3"],
  [0, "OggS"],
  [0, "fLaC"],
  [0, "\x1aE\xdf\xa3"],
  [0, "%PDF-"],
  [0, "\0\x01\0\0\0"],
  [0, "OTTO"],
  [0, "wOFF"],
  [0, "wOF2"],
  [0, "PAR1"],
  [0, "ARROW1"],
  [0, "SQLite format 3\0"],
];

/** Whether the start of a file shows that it is text, or one of the formats above. */
export function isPlain(head: Uint8Array): boolean {
  return MARKS.some(([at, mark]) => hasMark(head, at, mark)) || isText(head);
}

function hasMark(head: Uint8Array, at: number, mark: string): boolean {
  if (head.length < at + mark.length) return false;
  for (let index = 0; index < mark.length; index += 1) if (head[at + index] !== mark.charCodeAt(index)) return false;
  return true;
}

/** UTF-8 without control characters but for white space and escape; a character cut at the end is no fault. */
function isText(head: Uint8Array): boolean {
  // Every file is asked: a callback for each byte takes ten times as long.
  let bits = 0;
  for (let at = 0; at < head.length; at += 1) {
    const byte = head[at] ?? 0;
    bits |= byte;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) return false;
  }
  if (bits < 0x80) return true;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
