// Numbers of payment cards and bank accounts.
import { digitsOf, isLuhn, remainder } from "./checksums.ts";
import { checked, type Validator } from "./validator.ts";

/** Beginnings of numbers and the lengths they have; ISO/IEC 7812 ranges as the networks publish them. */
const ISSUERS: readonly (readonly [start: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|095|[689])/, [14, 16, 19]],
  [/^(?:6011|64[4-9]|65)/, [16, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 19]],
  // JCB's former numbers.
  [/^(?:2131|1800)/, [15]],
  [/^220[0-4]/, [16, 17, 18, 19]],
  [/^(?:60|81|82|508|353|356)/, [16]],
];
/** Maestro has everything from 12 digits on, and with that little to tell it by. */
const MAESTRO = /^(?:50|5[6-8]|6[0-35-9]|0604)/;
const SHORT = 14;

/** JCB's range is narrower than what is taken for JCB. */
const NEARLY_JCB = /^35\d{14}$/;

/** Luhn, issuer and length; short Maestro numbers only where a word says so. UnionPay has a rule of its own. */
export const card: Validator = (value, around) => {
  const digits = digitsOf(value);
  if (digits.startsWith("62") || !isLuhn(digits) || /^(\d)\1+$/.test(digits)) return null;
  if (ISSUERS.some(([start, lengths]) => lengths.includes(digits.length) && start.test(digits))) return "checked";
  if (NEARLY_JCB.test(digits)) return around.isTold ? "checked" : null;
  if (!MAESTRO.test(digits) || (digits.length < SHORT && !around.isTold)) return null;
  return around.isTold ? "checked" : "shaped";
};

/** UnionPay: begins with 62, Luhn. */
export const cnBankCard: Validator = checked((value) => isLuhn(digitsOf(value)));

/** Lengths by country, SWIFT's IBAN registry (ISO 13616). */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 " +
    "GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 " +
    "MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 " +
    "TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Length of the country and ISO 7064 MOD 97-10. */
export const iban: Validator = checked((value) => isIban(value.toUpperCase().replace(/[\s-]/g, "")));

function isIban(plain: string): boolean {
  if (IBAN_LENGTHS.get(plain.slice(0, 2)) !== plain.length) return false;
  const turned = plain.slice(4) + plain.slice(0, 4);
  return (
    remainder(
      turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55)),
      97,
    ) === 1
  );
}
