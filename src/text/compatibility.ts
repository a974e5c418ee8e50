// Unicode NFKC, a character at a time: full width, ligatures, styled letters of mathematics, circled letters.

export function compatibility(char: string): string {
  return char.normalize("NFKC");
}
