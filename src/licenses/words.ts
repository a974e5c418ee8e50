// Cuts a text into the words that a license match may rest on. Everything that re-wrapping, Markdown, HTML,
// comment signs or typography can change is left out here, so that nothing later has to know about noise.

/** Characters analysed; a license or notice file beyond this is cut, which bounds time and memory for hostile input. */
export const MAX_ANALYSED_CHARS = 4 * 1024 * 1024;

export interface Words {
  readonly text: string;
  readonly count: number;
  /** 32-bit hash of each folded word. */
  readonly hashes: Uint32Array;
  /** Character offsets in `text`, end excluded. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Number of the sentence each word stands in, counted from 0. */
  readonly sentences: Uint32Array;
  /** True when the text was longer than MAX_ANALYSED_CHARS. */
  readonly cut: boolean;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Hash of a word that is already folded (lower case, NFKC). */
export function hashWord(word: string): number {
  let hash = FNV_OFFSET;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), FNV_PRIME);
  return hash >>> 0;
}

// SPDX matching guidelines, "varietal word spelling"; further pairs seen between copies of the same license.
const SPELLINGS: readonly (readonly [string, string])[] = [
  ["licence", "license"],
  ["licences", "licenses"],
  ["licenced", "licensed"],
  ["licencing", "licensing"],
  ["licencee", "licensee"],
  ["licencor", "licensor"],
  ["sublicence", "sublicense"],
  ["sublicences", "sublicenses"],
  ["acknowledgement", "acknowledgment"],
  ["acknowledgements", "acknowledgments"],
  ["centre", "center"],
  ["favour", "favor"],
  ["honour", "honor"],
  ["fulfil", "fulfill"],
  ["judgement", "judgment"],
  ["modelling", "modeling"],
  ["organisation", "organization"],
  ["organisations", "organizations"],
  ["practise", "practice"],
  ["program", "program"],
  ["programme", "program"],
  ["utilisation", "utilization"],
  ["whilst", "while"],
];
const SPELLING_OF: ReadonlyMap<number, number> = new Map(SPELLINGS.map(([from, to]) => [hashWord(from), hashWord(to)]));

// Parts of an address that copies write in different ways.
const DROPPED: ReadonlySet<number> = new Set(["http", "https", "www", "nbsp", "quot", "amp"].map(hashWord));
const LINE_COMMENT_WORDS: ReadonlySet<number> = new Set(["rem", "dnl"].map(hashWord));
const JOINING: ReadonlySet<number> = new Set(["non", "sub"].map(hashWord));
const HTML_TAGS: ReadonlySet<string> = new Set(
  (
    "a abbr article aside b blockquote body br center cite code dd details div dl dt em font footer h1 h2 h3 h4 h5 h6 head header hr html " +
    "i img kbd li link main meta nav ol p pre q s section small span strike strong sub summary sup table tbody td tfoot th thead time title tr tt u ul"
  ).split(" "),
);
/** Longest HTML tag or Markdown link target that is skipped whole. */
const MAX_MARKUP = 400;

const foldCache = new Map<number, string>();

/** Letters and digits of one code point in lower case and NFKC, empty for anything else. */
function foldCodePoint(codePoint: number): string {
  let folded = foldCache.get(codePoint);
  if (folded === undefined) {
    folded = String.fromCodePoint(codePoint)
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "");
    foldCache.set(codePoint, folded);
  }
  return folded;
}

function isHan(code: number): boolean {
  return (code >= 0x3400 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0x3040 && code <= 0x30ff);
}

/** Zero-width characters and the soft hyphen stand inside words without being part of them. */
function isInvisible(code: number): boolean {
  return code === 0xad || (code >= 0x200b && code <= 0x200f) || code === 0x2060 || code === 0xfeff;
}

function isAsciiWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000;
}

class Scanner {
  readonly text: string;
  readonly end: number;
  readonly hashes: Uint32Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly sentences: Uint32Array;
  count = 0;
  #sentence = 0;
  /** Start of a word such as `non` that is joined with the next one; -1 when there is none. */
  #joinStart = -1;
  #joinHash = 0;
  /** Of the word being read. */
  #hash = 0;
  #nextAngle = -1;
  #nextParenthesis = -1;

  constructor(text: string) {
    this.text = text;
    this.end = Math.min(text.length, MAX_ANALYSED_CHARS);
    // No word is shorter than one character, and two words have something between them unless they are Han.
    const room = this.end + 1;
    this.hashes = new Uint32Array(room);
    this.starts = new Uint32Array(room);
    this.ends = new Uint32Array(room);
    this.sentences = new Uint32Array(room);
  }

  run(): void {
    let at = 0;
    while (at < this.end) {
      const code = this.text.charCodeAt(at);
      if (isAsciiWord(code)) at = this.#word(at);
      else if (code > 127) at = this.#wide(at, code);
      else at = this.#punctuation(at, code);
    }
    this.#flushJoin();
  }

  #wide(at: number, code: number): number {
    if (code === 0x3002 || code === 0xff1b || code === 0xff01 || code === 0xff1f) this.#sentence += 1;
    const codePoint = this.text.codePointAt(at) ?? code;
    const width = codePoint > 0xffff ? 2 : 1;
    const folded = foldCodePoint(codePoint);
    if (folded === "") return at + width;
    if (!isHan(code)) return this.#word(at);
    this.#emit(hashWord(folded), at, at + width);
    return at + width;
  }

  /** Reads one word from `at`, which is a letter or digit. */
  #word(start: number): number {
    let at = start;
    this.#hash = FNV_OFFSET;
    while (at < this.end) {
      const code = this.text.charCodeAt(at);
      let width = 1;
      if (code > 127) width = this.#wideLetter(at, code);
      else if (!isAsciiWord(code)) break;
      else this.#hash = Math.imul(this.#hash ^ (code >= 65 && code <= 90 ? code + 32 : code), FNV_PRIME);
      if (width === 0) break;
      at += width;
    }
    if (!this.#isEnumerator(start, at)) this.#emit(this.#hash >>> 0, start, at);
    return at;
  }

  /** Takes a letter beyond ASCII into the running hash; its width in code units, 0 when it does not belong to the word. */
  #wideLetter(at: number, code: number): number {
    const codePoint = this.text.codePointAt(at) ?? code;
    const width = codePoint > 0xffff ? 2 : 1;
    if (isInvisible(code)) return width;
    const folded = isHan(code) ? "" : foldCodePoint(codePoint);
    for (let index = 0; index < folded.length; index += 1) this.#hash = Math.imul(this.#hash ^ folded.charCodeAt(index), FNV_PRIME);
    return folded === "" ? 0 : width;
  }

  /** `1.`, `(a)`, `iv)`: numbering that copies change or leave out. `(c)` of a copyright line falls under it too. */
  #isEnumerator(start: number, end: number): boolean {
    if (end - start > 4) return false;
    const closer = this.text.charCodeAt(end);
    if (closer !== 46 && closer !== 41) return false;
    const after = this.text.charCodeAt(end + 1);
    if (after >= 48 && after <= 57 && end + 1 < this.end) return false;
    const before = start === 0 ? 32 : this.text.charCodeAt(start - 1);
    if (!isSpace(before) && before !== 40 && before !== 42 && before !== 95 && before !== 62) return false;
    const word = this.text.slice(start, end).toLowerCase();
    return /^(?:\d{1,2}|[a-z]|[ivx]{1,4})$/u.test(word);
  }

  #emit(hash: number, start: number, end: number): void {
    if (LINE_COMMENT_WORDS.has(hash) && this.#opensLine(start)) return;
    if (this.#joinStart !== -1) {
      const joined = this.#joinedHash(start, end);
      const from = this.#joinStart;
      this.#joinStart = -1;
      this.#push(joined, from, end);
      return;
    }
    if (DROPPED.has(hash)) return;
    if (JOINING.has(hash)) {
      this.#joinStart = start;
      this.#joinHash = hash;
      return;
    }
    this.#push(SPELLING_OF.get(hash) ?? hash, start, end);
  }

  #joinedHash(start: number, end: number): number {
    let hash = this.#joinHash;
    for (let at = start; at < end; at += 1) {
      const code = this.text.charCodeAt(at);
      hash = Math.imul(hash ^ (code >= 65 && code <= 90 ? code + 32 : code), FNV_PRIME);
    }
    hash >>>= 0;
    return SPELLING_OF.get(hash) ?? hash;
  }

  #flushJoin(): void {
    if (this.#joinStart === -1) return;
    this.#push(this.#joinHash, this.#joinStart, this.#joinStart + 3);
    this.#joinStart = -1;
  }

  #push(hash: number, start: number, end: number): void {
    this.hashes[this.count] = hash;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.sentences[this.count] = this.#sentence;
    this.count += 1;
  }

  #opensLine(start: number): boolean {
    let at = start - 1;
    while (at >= 0 && start - at < 16) {
      const code = this.text.charCodeAt(at);
      if (code === 10) return true;
      if (!isSpace(code) && code !== 64) return false;
      at -= 1;
    }
    return at < 0;
  }

  #punctuation(at: number, code: number): number {
    if (code === 46 || code === 59 || code === 33 || code === 63) return this.#stop(at);
    if (code === 10) return this.#lineEnd(at);
    if (code === 60) return this.#tag(at);
    if (code === 38) return this.#entity(at);
    if (code === 93) return this.#linkTarget(at);
    return at + 1;
  }

  /** A full stop ends a sentence only before white space, so `2.0` and `ai.meta.com` do not. */
  #stop(at: number): number {
    const next = this.text.charCodeAt(at + 1);
    if (at + 1 >= this.end || isSpace(next) || next === 34 || next === 0x201d || next === 41 || next === 60 || next === 42) {
      this.#sentence += 1;
    }
    return at + 1;
  }

  /** A line without words (blank but for comment signs) or a list marker starts a new sentence. */
  #lineEnd(at: number): number {
    let next = at + 1;
    while (next < this.end && next - at < 12) {
      const code = this.text.charCodeAt(next);
      if (code === 10) {
        this.#sentence += 1;
        break;
      }
      if (isAsciiWord(code) || code > 127) break;
      next += 1;
    }
    return at + 1;
  }

  #tag(at: number): number {
    const close = this.text.charCodeAt(at + 1) === 47;
    let next = at + (close ? 2 : 1);
    const nameStart = next;
    while (next < this.end && next - nameStart < 12 && isAsciiWord(this.text.charCodeAt(next))) next += 1;
    const name = this.text.slice(nameStart, next).toLowerCase();
    if (!HTML_TAGS.has(name)) return at + 1;
    const after = this.text.charCodeAt(next);
    if (after !== 62 && after !== 47 && !isSpace(after)) return at + 1;
    if (this.#nextAngle < next) this.#nextAngle = this.#seek(">", next);
    if (this.#nextAngle - next > MAX_MARKUP) return at + 1;
    next = this.#nextAngle;
    if (name === "p" || name === "li" || name === "div" || name === "br" || name === "td") this.#sentence += close || name !== "br" ? 1 : 0;
    return next + 1;
  }

  #entity(at: number): number {
    let next = at + 1;
    while (next < this.end && next - at < 10 && (isAsciiWord(this.text.charCodeAt(next)) || this.text.charCodeAt(next) === 35)) next += 1;
    return next > at + 1 && this.text.charCodeAt(next) === 59 ? next + 1 : at + 1;
  }

  /** `[text](target)`: the text is what a reader sees. */
  #linkTarget(at: number): number {
    if (this.text.charCodeAt(at + 1) !== 40) return at + 1;
    if (this.#nextParenthesis < at + 2) this.#nextParenthesis = this.#seek(")", at + 2);
    if (this.#nextParenthesis - at > MAX_MARKUP) return at + 1;
    for (let next = at + 2; next < this.#nextParenthesis; next += 1) if (isSpace(this.text.charCodeAt(next))) return at + 1;
    return this.#nextParenthesis + 1;
  }

  /** Position of the next such sign, or past the end; asked for in rising order, so all searches together read the text once. */
  #seek(sign: string, from: number): number {
    const found = this.text.indexOf(sign, from);
    return found === -1 || found >= this.end ? Number.MAX_SAFE_INTEGER : found;
  }
}

/** Words of a text with their places; linear in at most MAX_ANALYSED_CHARS characters. */
export function wordsOf(text: string): Words {
  const scanner = new Scanner(text);
  scanner.run();
  const { count } = scanner;
  return {
    text,
    count,
    hashes: scanner.hashes.subarray(0, count),
    starts: scanner.starts.subarray(0, count),
    ends: scanner.ends.subarray(0, count),
    sentences: scanner.sentences.subarray(0, count),
    cut: text.length > MAX_ANALYSED_CHARS,
  };
}
