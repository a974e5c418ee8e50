// National numbers of China, Hong Kong, Taiwan, India, Japan and Korea.
import { digit, digitsOf, isDay, isMod11Dash2, isVerhoeff, weighted } from "./checksums.ts";
import { checked, checkedIf, type Validator } from "./validator.ts";

/** Provinces, GB/T 2260. */
const CN_PROVINCES = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/;

/** GB 11643-1999: region, date of birth, sequence, ISO 7064 MOD 11-2. */
export const cnId: Validator = checked(
  (value) =>
    CN_PROVINCES.test(value) &&
    isDay(Number(value.slice(6, 10)), Number(value.slice(10, 12)), Number(value.slice(12, 14))) &&
    isMod11Dash2(value),
);

const USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/** GB 32100-2015: weights are powers of 3 modulo 31. */
export const cnUscc: Validator = checked((value) => {
  if (!CN_PROVINCES.test(value.slice(2))) return false;
  let sum = 0;
  for (let at = 0, weight = 1; at < 17; at += 1, weight = (weight * 3) % 31) sum += USCC_CHARS.indexOf(value.charAt(at)) * weight;
  return USCC_CHARS[(31 - (sum % 31)) % 31] === value.charAt(17);
});

const TW_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO";

/** The letter stands for a number from 10 on; weights 1, 9, 8 … 1, 1 (Ministry of the Interior). */
export const twId: Validator = checked((value) => {
  const letter = TW_LETTERS.indexOf(value.charAt(0)) + 10;
  return (Math.floor(letter / 10) + (letter % 10) * 9 + weighted(value.slice(1), [8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 === 0;
});

/** Weights 9 … 1 over eight places modulo 11; a missing first letter counts 36, an A as check digit 10. */
export const hkId: Validator = checkedIf(
  (value) => {
    const plain = value.replace(/[()\s]/g, "").padStart(9, " ");
    let sum = 0;
    for (let at = 0; at < 9; at += 1) {
      const char = plain.charAt(at);
      const worth = char === " " ? 36 : /\d/.test(char) ? Number(char) : char.charCodeAt(0) - 55;
      sum += (at === 8 && char === "A" ? 10 : worth) * (9 - at);
    }
    return sum % 11 === 0;
  },
  (value) => value.includes("("),
);

/** UIDAI: twelve digits, the first from 2 on, Verhoeff. */
export const inAadhaar: Validator = checked((value) => isVerhoeff(digitsOf(value)));

/** Twelve digits, weights of the Cabinet Office's ordinance of 2014 no. 85, modulo 11. */
export const jpMyNumber: Validator = checked((value) => {
  const digits = digitsOf(value);
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return digit(digits, 11) === (rest <= 1 ? 0 : 11 - rest) && !/^(\d)\1+$/.test(digits);
});

/** Date of birth, century and sex; numbers given since October 2020 have no check digit. */
export const krRrn: Validator = (value) => {
  const digits = digitsOf(value);
  const century = "12569".includes(digits.charAt(6)) ? 1900 : 2000;
  if (!isDay(century + Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6)))) return null;
  const check = (11 - (weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10;
  return check === digit(digits, 12) ? "checked" : "shaped";
};
