// Characters written as escapes: %62, \u0062, \u{62}, \x62, &#98;, &#x62;, &bopf;, and the invisible tag characters.

const ESCAPE =
  /(?:%[0-9a-f]{2})+|\\u\{[0-9a-f]{1,6}\}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|&#x[0-9a-f]{1,6};?|&#[0-9]{1,7};?|&[a-z]{1,16};|[\u{e0020}-\u{e007e}]/giu;

/** Named references (HTML Standard, section 13.5) that hide or stand for ASCII; letters of mathematics go by their ending. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", " "],
  ["shy", ""],
  ["zwj", ""],
  ["zwnj", ""],
  ["lrm", ""],
  ["rlm", ""],
  ["zerowidthspace", ""],
  ["nobreak", ""],
  ["period", "."],
  ["comma", ","],
  ["colon", ":"],
  ["sol", "/"],
  ["bsol", "\\"],
  ["percnt", "%"],
  ["num", "#"],
  ["hyphen", "-"],
  ["dash", "-"],
  ["lowbar", "_"],
  ["newline", "\n"],
  ["tab", "\t"],
]);

/** The text with every escape replaced once. */
export function unescapeOnce(text: string): string {
  return text.replace(ESCAPE, decode);
}

function decode(written: string): string {
  if (written.startsWith("%")) return fromBytes(written);
  if (written.startsWith("\\")) return fromCode(Number.parseInt(written.replace(/^\\[ux]\{?/iu, ""), 16), written);
  if (/^&#x/iu.test(written)) return fromCode(Number.parseInt(written.slice(3), 16), written);
  if (written.startsWith("&#")) return fromCode(Number.parseInt(written.slice(2), 10), written);
  if (written.startsWith("&")) return named(written);
  return String.fromCharCode((written.codePointAt(0) ?? 0) - 0xe_0000);
}

function fromBytes(written: string): string {
  const bytes = Buffer.from(written.replaceAll("%", ""), "hex");
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? bytes.toString("latin1") : text;
}

function fromCode(code: number, written: string): string {
  return code <= 0x10_ffff ? String.fromCodePoint(code) : written;
}

function named(written: string): string {
  const name = written.slice(1, -1).toLowerCase();
  const letter = /^([a-z])(?:opf|fr|scr)$/u.exec(name)?.[1];
  return letter ?? NAMED.get(name) ?? written;
}
