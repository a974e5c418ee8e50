// Unicode default case folding (Unicode Standard, section 3.13): ß becomes ss, ς becomes σ.

export function foldCase(char: string): string {
  return char.toUpperCase().toLowerCase();
}
