// National numbers of the United States and Brazil.
import { digit, digitsOf, weighted } from "./checksums.ts";
import { checkedIf, type Validator } from "./validator.ts";

/** Numbers that were printed in advertisements and never belong to anybody. */
const US_EXAMPLES = new Set(["078051120", "219099999", "123456789"]);

/** No area 000, 666 or from 900 on, no group 00, no serial 0000 (SSA, POMS RM 10201.035). Nine digits without hyphens only where a word says so. */
export const usSsn: Validator = (value, around) => {
  const digits = digitsOf(value);
  if (/^(?:000|666|9)|^...00|0000$/.test(digits) || US_EXAMPLES.has(digits)) return null;
  if (around.isTold) return "checked";
  return value.includes("-") ? "shaped" : null;
};

/** Receita Federal: two check digits modulo 11. */
export const brCpf: Validator = checkedIf(
  (value) => {
    const digits = digitsOf(value);
    const check = (upTo: number): number => {
      const rest =
        weighted(
          digits,
          Array.from({ length: upTo }, (_, at) => upTo + 1 - at),
        ) % 11;
      return rest < 2 ? 0 : 11 - rest;
    };
    return !/^(\d)\1+$/.test(digits) && digit(digits, 9) === check(9) && digit(digits, 10) === check(10);
  },
  (value) => value.includes("."),
);
