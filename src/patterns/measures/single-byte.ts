// What each byte reads as in encodings of one byte a character: where UTF-8 was read as one of them, its lead and
// continuation bytes stand in the text as these characters.

/** IBM code page 437, 80 to FF (Unicode's mapping tables, VENDORS/MICSFT/PC/CP437.TXT); no decoder of the platform has it. */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** Names as the WHATWG Encoding Standard has them, and cp437. */
const ENCODINGS: readonly string[] = [
  "windows-1252",
  "windows-1250",
  "windows-1251",
  "windows-1253",
  "windows-1255",
  "windows-1256",
  "windows-1257",
  "iso-8859-2",
  "koi8-r",
  "ibm866",
  "macintosh",
  "x-mac-cyrillic",
  "cp437",
];

export interface SingleByte {
  readonly name: string;
  /** By UTF-16 unit: the byte that reads as it, 0 where none from 80 on does. */
  readonly bytes: Uint8Array;
  /** What stands for the first byte of a sequence there: letters of Latin with marks, or of a script whose texts are full of them. */
  readonly script: "Latin" | "Cyrillic" | "Arabic" | "Hebrew";
}

let known: readonly SingleByte[] | undefined;

/** Tables made from the platform's decoders, once. */
export function singleByteEncodings(): readonly SingleByte[] {
  known ??= ENCODINGS.map((name) => ({ name, bytes: bytesOf(name), script: scriptOf(name) }));
  return known;
}

function scriptOf(name: string): SingleByte["script"] {
  if (/1251|koi8|866|cyrillic/.test(name)) return "Cyrillic";
  if (name === "windows-1256") return "Arabic";
  return name === "windows-1255" ? "Hebrew" : "Latin";
}

function bytesOf(name: string): Uint8Array {
  const upper = Uint8Array.from({ length: 128 }, (_, at) => at + 0x80);
  const text = name === "cp437" ? CP437 : new TextDecoder(name).decode(upper);
  const bytes = new Uint8Array(0x10000);
  // Readers that are not strict give a byte without a character the control character of its number.
  for (let byte = 0x80; byte < 0xa0; byte += 1) bytes[byte] = byte;
  for (let at = 0; at < 128; at += 1) if (text.charCodeAt(at) !== 0xfffd) bytes[text.charCodeAt(at)] = at + 0x80;
  return bytes;
}
