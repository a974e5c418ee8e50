// Check digits. Each function says whether the last characters agree with those before.

/** Digits of a text, the rest left out. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** Sum of digits times weights; weights are taken from the left. */
export function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at += 1) sum += digit(digits, at) * (weights[at] as number);
  return sum;
}

export function digit(digits: string, at: number): number {
  return digits.charCodeAt(at) - 0x30;
}

/** ISO/IEC 7812-1 annex B. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, isDouble = false; at >= 0; at -= 1, isDouble = !isDouble) {
    const value = digit(digits, at) * (isDouble ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** Remainder of a decimal number of any length. */
export function remainder(digits: string, by: number): number {
  let rest = 0;
  for (let at = 0; at < digits.length; at += 1) rest = (rest * 10 + digit(digits, at)) % by;
  return rest;
}

const ISO_7064_11_2 = "10X98765432";

/** ISO 7064 MOD 11-2, as GB 11643-1999 uses it; the last character may be an X. */
export function isMod11Dash2(text: string): boolean {
  let sum = 0;
  for (let at = 0; at < text.length - 1; at += 1) sum = ((sum + digit(text, at)) * 2) % 11;
  return ISO_7064_11_2[sum % 11] === text.at(-1)?.toUpperCase();
}

/** ISO 7064 MOD 11,10. */
export function isMod11Comma10(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at += 1) {
    const sum = (digit(digits, at) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10 === digit(digits, digits.length - 1);
}

/** Multiplication in the dihedral group of order 10, and the permutation (Verhoeff, 1969). */
const DIHEDRAL = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
];
const PERMUTATION = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"];

export function isVerhoeff(digits: string): boolean {
  let check = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const value = digit(digits, digits.length - 1 - at);
    check = digit(DIHEDRAL[check] ?? "", digit(PERMUTATION[at % 8] ?? "", value));
  }
  return check === 0;
}

/** A day that the calendar has. @param month from 1 */
export function isDay(year: number, month: number, day: number): boolean {
  const lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (lengths[month - 1] ?? 0);
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
