// Quotes, paths and names come from strangers. On a terminal they could move the cursor, change colours, retitle the
// window or show letters in another order than they are stored; so such characters are shown as what they are.

// Controls, lone surrogates, line separators, private use, and format characters (bidirectional, zero-width, tags) but for
// the two joiners that Persian, Indic scripts and emoji are written with.
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Co}]|(?![\u200c\u200d])\p{Cf}/gu;

/** One line that no character of which acts on a terminal: line breaks and tabs become a space, other controls `<U+001B>`. */
export function safeText(text: string): string {
  return text.replace(/[\t\r\n\v\f]+/gu, " ").replace(UNSAFE, codePoint);
}

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `<U+${hex}>`;
}

/** JSON text with the same characters as `\u` escapes; it parses to the same value. */
export function safeJson(json: string): string {
  return json.replace(UNSAFE, (character) =>
    character === "\n"
      ? character
      : Array.from({ length: character.length }, (_, index) => escapeUnit(character.charCodeAt(index))).join(""),
  );
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
