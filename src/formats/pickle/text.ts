// Strings as the text opcodes of pickle write them (Modules/_pickle.c, load_string and load_unicode).
import { KIND } from "./values.ts";

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Text of a string by its kind; damage becomes U+FFFD or stays as written, it never throws. */
export function decodeText(kind: number, bytes: Uint8Array): string {
  if (kind === KIND.quoted) return unquote(latin1(bytes));
  if (kind === KIND.escaped) return unescapeUnicode(latin1(bytes));
  return utf8.decode(bytes);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** raw-unicode-escape: only \u and \U are escapes. */
function unescapeUnicode(text: string): string {
  return text.replace(/\\u([\da-f]{4})|\\U([\da-f]{8})/giu, (whole, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? "", 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b", f: "\f", v: "\v", "\n": "" };

/** A Python 2 string literal with its quotes. */
function unquote(text: string): string {
  const trimmed = text.trimEnd();
  const quote = trimmed[0];
  const isQuoted = trimmed.length >= 2 && (quote === "'" || quote === '"') && trimmed.endsWith(quote);
  const inner = isQuoted ? trimmed.slice(1, -1) : trimmed;
  return inner.replace(/\\(?:x([\da-f]{2})|([0-7]{1,3})|([\s\S]))/giu, (_whole, hex?: string, octal?: string, other?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    return ESCAPES[other ?? ""] ?? other ?? "";
  });
}
