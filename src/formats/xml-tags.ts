// Tags of an XML file one by one, over ranged reads and in bounded memory (W3C XML 1.0, without document types and entities of its own).
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";

export interface XmlTag {
  /** `doctype`: a declaration, which is stepped over and not followed. */
  readonly kind: "open" | "close" | "empty" | "doctype";
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Place of `<` in the file. */
  readonly offset: number;
}

const CHUNK_BYTES = 1024 * 1024;
/** Longest tag, comment or declaration: runtime information keeps texts in attributes. */
const MAX_TAG = 4 * 1024 * 1024;
const MAX_DEPTH = 256;
const MAX_ATTRIBUTES = 256;
const NAME = /[^\s/>=]+/uy;
const ATTRIBUTE = /\s*([^\s/>=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/uy;
const ENTITIES: ReadonlyMap<string, string> = new Map(Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }));

/** Yields every tag; checks that they close in order. @throws AjarError INCONSISTENT | TRUNCATED | OVER_LIMIT with the offset */
export async function* xmlTags(reader: ByteReader): AsyncGenerator<XmlTag> {
  const text = new XmlText(reader);
  const open: string[] = [];
  for (let offset = await text.find("<"); offset !== -1; offset = await text.find("<")) {
    const tag = await nextTag(text, offset);
    if (tag === null) continue;
    if (tag.kind === "open") {
      open.push(tag.name);
      if (open.length > MAX_DEPTH) throw new AjarError("OVER_LIMIT", `XML is nested deeper than ${MAX_DEPTH}`, { offset });
    }
    if (tag.kind === "close" && open.pop() !== tag.name) throw broken(`${tag.name} closes what is not open`, offset);
    yield tag;
  }
  if (open.length > 0) throw new AjarError("TRUNCATED", `XML ends inside ${open.at(-1)?.slice(0, 100)}`, { offset: reader.sizeBytes });
}

/** The part of the file that is at hand. */
class XmlText {
  readonly #reader: ByteReader;
  #text = "";
  #base = 0;
  #at = 0;
  #read = 0;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** Goes to the next mark; gives its place, -1 at the end. What is passed is forgotten. */
  async find(mark: string): Promise<number> {
    for (;;) {
      const found = this.#text.indexOf(mark, this.#at);
      if (found !== -1) {
        this.#at = found;
        return this.#base + found;
      }
      // A mark may be cut in two by the end of the text.
      this.#at = Math.max(this.#at, this.#text.length - mark.length + 1);
      if (!(await this.#more())) return -1;
    }
  }

  /** Text from here to behind `mark`, and steps behind it. @throws AjarError TRUNCATED | OVER_LIMIT */
  async through(mark: string): Promise<string> {
    const start = this.#base + this.#at;
    for (let from = this.#at; ; ) {
      const found = this.#text.indexOf(mark, from);
      if (found !== -1) return this.#take(found + mark.length);
      from = this.#text.length - this.#at;
      if (from > MAX_TAG) throw new AjarError("OVER_LIMIT", `XML tag at ${start} is longer than ${MAX_TAG} bytes`, { offset: start });
      if (!(await this.#more())) throw new AjarError("TRUNCATED", `XML tag at ${start} has no end`, { offset: start });
      from = Math.max(this.#at, this.#at + from - mark.length);
    }
  }

  /** A tag to its `>`, which may also stand inside quotes. */
  async tag(): Promise<string> {
    const start = this.#base + this.#at;
    const pieces: string[] = [];
    let length = 0;
    let quote = "";
    do {
      const piece = await this.through(">");
      quote = quoteAfter(piece, quote);
      pieces.push(piece);
      length += piece.length;
      if (length > MAX_TAG) throw new AjarError("OVER_LIMIT", `XML tag at ${start} is longer than ${MAX_TAG} bytes`, { offset: start });
    } while (quote !== "");
    return pieces.join("");
  }

  async startsWith(mark: string): Promise<boolean> {
    while (this.#text.length - this.#at < mark.length && (await this.#more()));
    return this.#text.startsWith(mark, this.#at);
  }

  #take(end: number): string {
    const taken = this.#text.slice(this.#at, end);
    this.#at = end;
    return taken;
  }

  async #more(): Promise<boolean> {
    const length = Math.min(CHUNK_BYTES, this.#reader.sizeBytes - this.#read);
    if (length <= 0) return false;
    const bytes = await this.#reader.read(this.#read, length);
    // One character a byte, so that places in the text are places in the file (TextDecoder's latin1 is Windows-1252).
    const next = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    this.#text = this.#text.slice(this.#at) + next;
    this.#base += this.#at;
    this.#at = 0;
    this.#read += length;
    return true;
  }
}

/** The quote that is open behind a text, when `quote` was open before it; empty for none. */
function quoteAfter(text: string, quote: string): string {
  let open = quote;
  for (const character of text) {
    if (open === "" && (character === '"' || character === "'")) open = character;
    else if (character === open) open = "";
  }
  return open;
}

const SKIPPED: readonly (readonly [start: string, end: string])[] = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
];

/** The tag at hand, null for comments, plain text and instructions. */
async function nextTag(text: XmlText, offset: number): Promise<XmlTag | null> {
  for (const [start, end] of SKIPPED) {
    if (!(await text.startsWith(start))) continue;
    await text.through(end);
    return null;
  }
  if (await text.startsWith("<!")) {
    const declaration = await text.tag();
    if (declaration.includes("[")) await text.through("]>");
    return { kind: "doctype", name: declaration.slice(2, 100), attributes: new Map(), offset };
  }
  return parseTag(await text.tag(), offset);
}

function parseTag(tag: string, offset: number): XmlTag {
  const isClose = tag.startsWith("</");
  NAME.lastIndex = isClose ? 2 : 1;
  const name = NAME.exec(tag)?.[0];
  if (name === undefined) throw broken("a tag without a name", offset);
  if (isClose) return { kind: "close", name: utf8(name), attributes: new Map(), offset };
  const attributes = new Map<string, string>();
  ATTRIBUTE.lastIndex = NAME.lastIndex;
  for (let match = ATTRIBUTE.exec(tag); match !== null; match = ATTRIBUTE.exec(tag)) {
    const [, key = "", double, single = ""] = match;
    if (attributes.has(key)) throw broken(`attribute ${key.slice(0, 100)} twice`, offset);
    if (attributes.size >= MAX_ATTRIBUTES) throw new AjarError("OVER_LIMIT", "XML tag with too many attributes", { offset });
    attributes.set(key, utf8(unescaped(double ?? single)));
  }
  return { kind: tag.endsWith("/>") ? "empty" : "open", name: utf8(name), attributes, offset };
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}

/** The five entities of XML and references to characters; others stay as they are written. */
function unescaped(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w{1,10}));/gu, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES.get(name) ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? Buffer.from(String.fromCodePoint(code), "utf8").toString("latin1") : whole;
  });
}

function broken(what: string, offset: number): AjarError {
  return new AjarError("INCONSISTENT", `XML at ${offset}: ${what}`, { offset });
}
