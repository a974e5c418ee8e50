// Numbers of telephones: marked as one by how they are written, or by a word, and agreed with by libphonenumber.
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { Around } from "../around.ts";
import type { Hit } from "../hit.ts";
import { digitsOf, isDay, isLuhn } from "./checksums.ts";
import { namesContact, namesPhone } from "./phone-field.ts";
import type { Validator } from "./validator.ts";

type Certainty = Hit["certainty"] | null;

const EXTENSION = /[ ]?(?:x|ext\.?|extension|#)[ ]?\d{1,6}$/i;
/** ITU-T E.164: at most 15 digits. Fewer than seven are short numbers, of nobody in particular. */
const LEAST = 7;
const MOST = 15;

export const phone: Validator = (value, around) => {
  const main = value.replace(EXTENSION, "");
  const digits = digitsOf(main);
  if (digits.length < LEAST || digits.length > MOST || isOther(main, digits) || isArithmetic(main, around)) return null;
  if (/^\(?(?:\+|00[1-9]|011[ -])/.test(main)) return international(main, digits, around);
  return american(main, around) ?? chinese(main, digits, around) ?? national(main, around) ?? told(main, around) ?? named(digits, around);
};

/** A longer cell is a text, which the column's name says little about. */
const CELL_UNITS = 64;
/** Longer numbers without a plus have a country's code, or are times and ids. */
const MOST_NATIONAL = 12;

/** In a cell of a column whose name says what its numbers are. */
function named(digits: string, around: Around): Certainty {
  if (around.text.length > CELL_UNITS || !namesPhone(around.context.field)) return null;
  return digits.length <= MOST_NATIONAL || isValid(`+${digits}`) ? "checked" : null;
}

/** Dates, social security numbers, addresses of the internet, decimal fractions, cards, ranges of years. */
function isOther(main: string, digits: string): boolean {
  if (/^\d{3}-\d{2}-\d{4}$|^\d{1,3}(?:\.\d{1,3}){3}$|^\d+\.\d+$|^(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d$|^(\d)\1*$/.test(main)) return true;
  if (digits.length >= 13 && !main.startsWith("+") && isLuhn(digits)) return true;
  return isDate(main);
}

function isDate(main: string): boolean {
  const [, year = "", month = "", day = ""] = /^((?:19|20)?\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d|[-./])/.exec(main) ?? [];
  if (year !== "" && isDay(Number(year), Number(month), Number(day))) return true;
  const [, first = "", second = ""] = /^(\d{1,2})[-./](\d{1,2})[-./](?:19|20)\d\d(?!\d)/.exec(main) ?? [];
  if (first !== "" && Math.min(Number(first), Number(second)) <= 12) return true;
  return /^(?:19|20)\d{2}[01]\d[0-3]\d(?:\d{4,6})?$/.test(main);
}

function isArithmetic(main: string, around: Around): boolean {
  return / [-/+] |\//.test(main) || /[=*$€£¥^<>×÷%] ?$/.test(around.before(2)) || /^ ?[=*^<>×÷%]|^,\d/.test(around.after(2));
}

function isValid(number: string, region?: CountryCode): boolean {
  return parsePhoneNumberFromString(number, region === undefined ? {} : { defaultCountry: region, extract: false })?.isValid() ?? false;
}

/** With a country's code. Without a word that says so, a number libphonenumber does not know must at least be set apart as one. */
function international(main: string, digits: string, around: Around): Certainty {
  const plain = `+${digitsOf(main.replace("(0)", "")).replace(/^(?:00|011)/, "")}`;
  const isPlus = main.includes("+");
  if (isValid(plain) && (isPlus || around.isTold || hasGroups(main))) return "checked";
  if (around.isTold) return "checked";
  return hasGroups(main) && digits.length >= 9 && parsePhoneNumberFromString(plain)?.isPossible() === true ? "shaped" : null;
}

/** 3-3-4 as in North America. */
function american(main: string, around: Around): Certainty {
  const groups = /^\(?([2-9]\d\d)\)?[-. ]{0,2}([2-9]\d\d)[-. ](\d{4})$/.exec(main);
  if (groups === null || (!/[-.)]/.test(main) && !around.isTold)) return null;
  return isValid(main, "US") ? "checked" : "shaped";
}

const HAN = /[\u3400-\u9fff]/;

/** Numbers of the mainland, where the text is Chinese, or the regions or the field's name say so. */
function chinese(main: string, digits: string, around: Around): Certainty {
  const { regions, field } = around.context;
  const isChinese = regions?.includes("CN") === true || HAN.test(around.before(40)) || HAN.test(around.after(40));
  const isThere = isChinese || (around.text.length <= CELL_UNITS && namesContact(field));
  const isShaped = /^1[3-9]\d(?:[ -]?\d{4}){2}$|^\(?0\d{2,3}\)?[- ]?\d{7,8}$/.test(main);
  return isThere && isShaped && isValid(digits, "CN") ? "checked" : null;
}

/** Without a code, in regions that were named. */
function national(main: string, around: Around): Certainty {
  const regions = around.context.regions ?? [];
  if (!hasGroups(main) && !main.startsWith("0")) return null;
  return regions.some((region) => isSupportedCountry(region) && isValid(main, region)) ? "checked" : null;
}

/** Right before a number that has no gaps; farther away it may be about anything. */
const CLOSE =
  /(?:phone|tel|telefon\w*|mobile|cell|fax|desk|office|sms|whatsapp|hotline|dial|call(?: me| us)?|number is|电话|電話|手机|手機|传真|傳真|热线|熱線|拨打|撥打|联系方式|聯絡方式)[\s:：.,(#是为為at]{0,12}$/i;

const CLOSE_AFTER = /^[-, (]{0,3}(?:fax|office|mobile|cell|home|work|tel|phone)/i;

function told(main: string, around: Around): Certainty {
  if (!around.isTold) return null;
  const groups = main.split(/\D+/).filter((group) => group !== "");
  if (groups.length === 1) return CLOSE.test(around.before(28)) || CLOSE_AFTER.test(around.after(10)) ? "checked" : null;
  return groups.length <= 6 && groups.every((group) => group.length <= 8) ? "checked" : null;
}

function hasGroups(main: string): boolean {
  return /\d\D+\d/.test(main);
}
