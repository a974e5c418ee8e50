// Numbers of books.
import { digit, weighted } from "./checksums.ts";
import { checked, type Validator } from "./validator.ts";

/** ISO 2108: thirteen digits as EAN, or ten modulo 11 with an X for ten. */
export const isbn: Validator = checked((value) => {
  const plain = value
    .replace(/^isbn(?:-1[03])?/i, "")
    .replace(/[^0-9xX]/g, "")
    .toUpperCase();
  if (plain.length === 13) return weighted(plain, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
  const last = plain.endsWith("X") ? 10 : digit(plain, 9);
  return plain.length === 10 && (weighted(plain, [10, 9, 8, 7, 6, 5, 4, 3, 2]) + last) % 11 === 0;
});
