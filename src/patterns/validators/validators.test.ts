// Numbers that authorities and encyclopedias publish as examples; none belongs to anybody.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Around } from "../around.ts";
import { isLuhn, isMod11Dash2, isVerhoeff } from "./checksums.ts";
import { validatorNamed } from "./index.ts";

function judge(name: string, value: string, before = "", after = ""): "checked" | "shaped" | null {
  const around = new Around(`${before}${value}${after}`, before.length, before.length + value.length, {}, null);
  return validatorNamed(name)(value, around);
}

const VALID: readonly (readonly [validator: string, value: string])[] = [
  ["cn-id", "11010519491231002X"],
  ["cn-uscc", "91350100M000100Y43"],
  ["tw-id", "A123456789"],
  ["hk-id", "A123456(3)"],
  ["hk-id", "AB987654(3)"],
  ["in-aadhaar", "9999 4105 7058"],
  ["jp-my-number", "1234 5678 9018"],
  ["br-cpf", "529.982.247-25"],
  ["es-nif", "12345678Z"],
  ["es-nif", "X1234567L"],
  ["de-tax-id", "86095742719"],
  ["de-tax-id", "47036892816"],
  ["pl-pesel", "44051401359"],
  ["pl-pesel", "02070803628"],
  ["it-fiscal-code", "RSSMRA85T10A562S"],
  ["fi-hetu", "131052-308T"],
  ["se-personnummer", "811228-9874"],
  ["nl-bsn", "111222333"],
  ["fr-nir", "2 55 08 14 168 025 38"],
  ["be-rrn", "85.07.30-033.28"],
  ["iban", "GB82 WEST 1234 5698 7654 32"],
  ["iban", "DE89370400440532013000"],
  ["iban", "MT84MALT011000012345MTLCAST001S"],
  ["iban", "NO9386011117947"],
  ["card", "4111 1111 1111 1111"],
  ["card", "378282246310005"],
  ["card", "30569309025904"],
  ["card", "5555555555554444"],
  ["card", "3530111333300000"],
  ["card", "6011111111111117"],
  ["cn-bank-card", "6222 0212 3456 7890 128"],
];

describe("published examples", () => {
  test.each(VALID)("%s: %s", (validator, value) => {
    expect(judge(validator, value)).toBe("checked");
  });

  test.each(VALID.filter(([validator]) => !/hk-id|br-cpf|be-rrn/.test(validator)))(
    "%s: any other last character of %s is none",
    (validator, value) => {
      const last = value.at(-1) ?? "";
      const others = /\d/.test(last) ? "0123456789" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
      const passing = [...others].filter((other) => other !== last && judge(validator, value.slice(0, -1) + other) !== null);
      expect(passing).toEqual([]);
    },
  );
});

describe("check digits", () => {
  test("have their published examples", () => {
    expect(isLuhn("79927398713")).toBe(true);
    expect(isVerhoeff("2363")).toBe(true);
    expect(isMod11Dash2("079X")).toBe(true);
  });

  test.each([
    ["Luhn", isLuhn],
    ["Verhoeff", isVerhoeff],
  ])("%s: a digit changed is always noticed", (_name, holds) => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 18 }),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        (digits, at, by) => {
          const body = digits.join("");
          const whole = [..."0123456789"].map((last) => body + last).filter(holds);
          expect(whole.length).toBe(1);
          const place = at % (body.length + 1);
          const changed = [...(whole[0] ?? "")].map((char, index) => (index === place ? String((Number(char) + by) % 10) : char)).join("");
          expect(holds(changed)).toBe(false);
        },
      ),
    );
  });
});

describe("numbers that are none", () => {
  test.each([
    ["cn-id", "990105194912310025"],
    ["cn-id", "11010519490231002X"],
    ["ip4", "192.168.1.20"],
    ["ip4", "203.0.113.7"],
    ["ip4", "256.100.100.100"],
    ["ip4", "1.2.3.4"],
    ["ip6", "2001:db8::1"],
    ["ip6", "12:30:45"],
    ["ip6", "fe80::1ff:fe23:4567:890a"],
    ["us-ssn", "000-12-3456"],
    ["us-ssn", "666-12-3456"],
    ["us-ssn", "123-00-4567"],
    ["us-ssn", "078-05-1120"],
    ["card", "6222 0212 3456 7890"],
    ["card", "0000000000000000"],
    ["email", "a..b@wikipedia.org"],
    ["email", "ann@site.example"],
    ["email", "logo@2x.png"],
    ["email", "noreply@wikipedia.org"],
    ["email", "info@wikipedia.org"],
    ["phone", "2015-12-22"],
    ["phone", "20231025123456"],
    ["phone", "1999-2003"],
    ["phone", "1 - 2 - 345678"],
    ["phone", "1234567"],
    ["phone", "123456789012"],
  ])("%s: %s", (validator, value) => {
    expect(judge(validator, value)).toBeNull();
  });

  test("of a short card or without hyphens wait for a word that says so", () => {
    expect(judge("us-ssn", "460899847")).toBeNull();
    expect(judge("card", "501864667909")).toBeNull();
  });
});

describe("telephones", () => {
  test.each([
    ["+44 20 7946 0958", "checked"],
    ["+1 650-253-0000", "checked"],
    ["(650) 253-0000", "checked"],
    ["650.253.0000", "checked"],
    ["+1 555-182-0190", "shaped"],
  ])("%s is one without a word", (value, certainty) => {
    expect(judge("phone", value)).toBe(certainty);
  });

  test("of the mainland are looked for in Chinese text only", () => {
    expect(judge("phone", "13800138000", "请拨打我的号码 ")).toBe("checked");
    expect(judge("phone", "13800138000", "message ")).toBeNull();
  });
});

test("a text of any kind makes no validator throw", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40 }),
      fc.constantFrom(
        ...new Set(VALID.map(([validator]) => validator)),
        "phone",
        "email",
        "jwt",
        "secret",
        "url-password",
        "crc-token",
        "private-key",
        "ip4",
        "ip6",
        "kr-rrn",
        "us-ssn",
      ),
      (value, name) => {
        expect([null, "checked", "shaped"]).toContain(judge(name, value));
      },
    ),
  );
});
