// National numbers of countries of Europe.
import { digitsOf, isDay, isLuhn, isMod11Comma10, remainder, weighted } from "./checksums.ts";
import { checked, checkedIf, type Validator } from "./validator.ts";

const ES_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

/** DNI and NIE: Real Decreto 1553/2005; the letter is the number modulo 23. */
export const esNif: Validator = checked((value) => {
  const plain = value.toUpperCase().replace(/[^0-9A-Z]/g, "");
  const number = plain.slice(0, -1).replace(/^[XYZ]/, (letter) => String("XYZ".indexOf(letter)));
  return ES_LETTERS[Number(number) % 23] === plain.at(-1);
});

/** Steuerliche Identifikationsnummer, § 139b AO: among the first ten digits exactly one is there twice or three times. */
export const deTaxId: Validator = checked((value) => {
  const digits = digitsOf(value);
  const counts = Array.from({ length: 10 }, (_, one) => digits.slice(0, 10).split(String(one)).length - 1);
  const repeated = counts.filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3 && isMod11Comma10(digits);
});

/** PESEL: the month tells the century (ustawa o ewidencji ludności). */
export const plPesel: Validator = checked((digits) => {
  const month = Number(digits.slice(2, 4));
  const century = [1900, 2000, 2100, 2200, 1800][Math.floor(month / 20)] ?? 0;
  if (!isDay(century + Number(digits.slice(0, 2)), month % 20, Number(digits.slice(4, 6)))) return false;
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
});

const IT_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Codice fiscale, D.M. 23 dicembre 1976: other values for odd places. */
export const itFiscalCode: Validator = checked((value) => {
  const code = value.toUpperCase();
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const unit = code.charCodeAt(at);
    const worth = unit < 0x41 ? unit - 0x30 : unit - 0x41;
    sum += at % 2 === 0 ? (IT_ODD[worth] ?? 0) : worth;
  }
  return sum % 26 === code.charCodeAt(15) - 0x41;
});

const FI_CHARS = "0123456789ABCDEFHJKLMNPRSTUVWXY";

/** Henkilötunnus: day, century sign, number, the nine digits modulo 31. */
export const fiHetu: Validator = checked((value) => {
  const century = value.charAt(6) === "+" ? 1800 : /[-U-Y]/.test(value.charAt(6)) ? 1900 : 2000;
  if (!isDay(century + Number(value.slice(4, 6)), Number(value.slice(2, 4)), Number(value.slice(0, 2)))) return false;
  return FI_CHARS[Number(value.slice(0, 6) + value.slice(7, 10)) % 31] === value.charAt(10).toUpperCase();
});

/** Personnummer: day of birth (or that day plus 60) and Luhn over ten digits. */
export const sePersonnummer: Validator = checked((value) => {
  const digits = digitsOf(value).slice(-10);
  const day = Number(digits.slice(4, 6));
  return isDay(2000 + Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), day > 60 ? day - 60 : day) && isLuhn(digits);
});

/** Burgerservicenummer: weights 9 … 2 and -1, modulo 11. */
export const nlBsn: Validator = checked((value) => {
  const digits = digitsOf(value);
  return weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && Number(digits) > 0;
});

/** Numéro d'inscription au répertoire: 97 less the number modulo 97; Corsica's 2A and 2B count as 19 and 18. */
export const frNir: Validator = checked((value) => {
  const plain = value.toUpperCase().replace(/\s/g, "");
  const digits = plain.replace("2A", "19").replace("2B", "18");
  return /^\d{15}$/.test(digits) && Number(digits.slice(13)) === 97 - remainder(digits.slice(0, 13), 97);
});

/** Rijksregisternummer: 97 less the nine digits modulo 97, with a 2 before them for those born from 2000 on. */
export const beRrn: Validator = checkedIf(
  (value) => {
    const digits = digitsOf(value);
    const check = Number(digits.slice(9));
    const [body, month, day] = [digits.slice(0, 9), Number(digits.slice(2, 4)), Number(digits.slice(4, 6))];
    if (month > 12 || day > 31) return false;
    return check === 97 - remainder(body, 97) || check === 97 - remainder(`2${body}`, 97);
  },
  (value) => value.includes("."),
);
