// What is not seen, and marks piled on letters.

/** Default_Ignorable_Code_Point (zero-width, bidirectional, tag, variation, soft hyphen …), controls but tab and line ends, interlinear notes. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u{fff9}-\u{fffb}]|(?![\t\n\r\v\f\u0085])\p{Cc}/u;
/** Marks of Latin, Greek and Cyrillic, which disguises pile up. Marks that make another letter elsewhere, as in か and が, stay. */
const PILED = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/gu;

export function dropIgnorable(char: string): string {
  if (char < "\u007f" && char >= " ") return char;
  if (UNSEEN.test(char)) return "";
  const parts = char.normalize("NFD");
  const bare = parts.replace(PILED, "");
  return bare.length === parts.length ? char : bare.normalize("NFC");
}
