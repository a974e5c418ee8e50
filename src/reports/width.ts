// How many terminal cells a text takes, and how to break it into lines.

/** First and last code point of blocks whose characters take two cells (Unicode 16, East Asian Width W and F; emoji). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

const ASCII = /^[\u0020-\u007e]*$/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
const FIRST_WIDE = 0x1100;

/** Cells of one character, given as a string of one code point. */
function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code >= FIRST_WIDE && WIDE.some(([first, last]) => code >= first && code <= last)) return 2;
  return code > 0x2ff && NO_WIDTH.test(character) ? 0 : 1;
}

/** Cells of a text without control characters. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Pads with spaces to `width` cells. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

/** Cuts to `width` cells, with `…` when something was lost. */
export function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let used = 0;
  let kept = "";
  for (const character of text) {
    used += characterWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Must not begin a line in Chinese typesetting. */
const CLOSING = /^[，。、；：？！）」』》〉】”’…%,.;:?!)\]}]/u;
/** Must not end one. */
const OPENING = /[（「『《〈【“‘([{]$/u;

/** Breaks a text into lines of at most `width` cells: at spaces, between wide characters, and inside words only when they are longer than a line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const piece of pieces(text)) {
    const word = piece.trimEnd();
    const wordWidth = textWidth(word);
    if (used > 0 && used + wordWidth > width) {
      lines.push(line.trimEnd());
      line = "";
      used = 0;
    }
    if (wordWidth > width) {
      const parts = split(word, width);
      lines.push(...parts.slice(0, -1));
      line = (parts.at(-1) ?? "") + piece.slice(word.length);
    } else {
      line += piece;
    }
    used = textWidth(line);
  }
  if (line.trimEnd() !== "" || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

/** Unbreakable pieces, each with the spaces after it. */
function pieces(text: string): readonly string[] {
  const found: string[] = [];
  for (const chunk of text.match(/[^ ]+ *| +/gu) ?? []) {
    if (ASCII.test(chunk)) {
      found.push(chunk);
      continue;
    }
    let piece = "";
    let previousWide = false;
    for (const character of chunk) {
      const wide = characterWidth(character) === 2;
      const mayBreak = piece !== "" && (wide || previousWide) && !CLOSING.test(character) && !OPENING.test(piece) && character !== " ";
      if (mayBreak) {
        found.push(piece);
        piece = "";
      }
      piece += character;
      previousWide = wide;
    }
    found.push(piece);
  }
  return found;
}

function split(word: string, width: number): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let used = 0;
  for (const character of word) {
    const size = characterWidth(character);
    if (used + size > width && part !== "") {
      parts.push(part);
      part = "";
      used = 0;
    }
    part += character;
    used += size;
  }
  parts.push(part);
  return parts;
}
