// Text that reads like code or commands (PK14). Text is not execution, so this is the least of the rules: it tells where to look.

/** Found over the bytes of every window, whatever opcode they belong to. */
const CODE_WORDS =
  /__import__\s?\(|\bos\.(?:system|popen|exec[lv]p?e?)\s?\(|\bsubprocess\.\w+\s?\(|\b(?:eval|exec)\s?\(|\/bin\/(?:ba|z|da)?sh\b|\/dev\/tcp\/|\bbash -i\b|\bpowershell(?:\.exe)? -|\bnc -\w*e\b|\b(?:curl|wget) (?:-\w+ )*https?:|\bb64decode\s?\(/gu;
/** What a window may end in the middle of is at most this long. */
const OVERLAP = 256;
const MAX_PLACES = 20;
/** Text made at a time. Short strings die young, and with them the windows that were read. */
const PIECE = 48 * 1024;
/** White space at either side of a word is cut; longer quotes tell no more. */
const QUOTE_BYTES = 80;

export interface CodeWord {
  readonly offset: number;
  readonly length: number;
  readonly quote: string;
}

/** Collects code-like words of a file that is read window by window. */
export class CodeWords {
  readonly list: CodeWord[] = [];
  #seenTo = 0;

  /** Takes in a window that begins at `base` in the file. */
  look(bytes: Uint8Array, base: number): void {
    for (let from = Math.max(0, this.#seenTo - OVERLAP - base); from < bytes.length; from += PIECE) {
      if (this.list.length >= MAX_PLACES) return;
      this.#lookAt(bytes.subarray(from, Math.min(bytes.length, from + PIECE + OVERLAP)), base + from);
    }
    this.#seenTo = base + bytes.length;
  }

  #lookAt(bytes: Uint8Array, base: number): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    CODE_WORDS.lastIndex = 0;
    for (let match = CODE_WORDS.exec(text); match !== null && this.list.length < MAX_PLACES; match = CODE_WORDS.exec(text)) {
      const offset = base + match.index;
      const last = this.list.at(-1);
      if (last !== undefined && offset <= last.offset) continue;
      const around = text.slice(Math.max(0, match.index - 8), match.index + QUOTE_BYTES);
      this.list.push({ offset, length: match[0].length, quote: around.replace(/[^\x20-\x7e]+/gu, " ").trim() });
    }
  }
}
