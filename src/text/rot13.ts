// Letters of ASCII moved by thirteen.

/** @param unit in lower case; what is no letter of ASCII stays */
export function rotated(unit: number): number {
  return unit >= 0x61 && unit <= 0x7a ? ((unit - 0x61 + 13) % 26) + 0x61 : unit;
}
