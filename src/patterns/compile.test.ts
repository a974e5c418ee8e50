import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawing, matching, readRegex } from "../../test/support/regex.ts";
import { compilePatterns } from "./compile.ts";
import { type MatchRule, patternRules } from "./rule.ts";
import { WordFinder } from "./words.ts";

const set = compilePatterns();
const personal = compilePatterns({ areas: ["personal"] });

/** What was found, as `rule: text`. */
function found(text: string, context = {}): readonly string[] {
  return set.find(text, context).map(({ pattern, start, end }) => `${pattern}: ${text.slice(start, end)}`);
}

describe("personal data", () => {
  test.each([
    ["Write to ann.smith@wikipedia.org today.", ["personal/email: ann.smith@wikipedia.org"]],
    ["投稿信箱：editor@zhihu.com。", ["personal/email-role: editor@zhihu.com"]],
    ["Call me at (650) 253-0000 x12!", ["personal/phone: (650) 253-0000 x12"]],
    ["联系电话：010-62782266，手机13800138000。", ["personal/phone: 010-62782266", "personal/phone: 13800138000"]],
    ["card 4111-1111-1111-1111 exp 12/30", ["personal/card: 4111-1111-1111-1111"]],
    ["卡号 6222 0212 3456 7890 128", ["personal/cn-bank-card: 6222 0212 3456 7890 128"]],
    ["to IBAN GB82 WEST 1234 5698 7654 32 please", ["personal/iban: GB82 WEST 1234 5698 7654 32"]],
    ["iban:gb82west12345698765432", ["personal/iban: gb82west12345698765432"]],
    ["身份证号11010519491231002X，", ["personal/cn-id: 11010519491231002X"]],
    ["from 93.184.216.34 port 22", ["personal/ip4: 93.184.216.34"]],
    ["at 2606:2800:220:1:248:1893:25c8:1946.", ["personal/ip6: 2606:2800:220:1:248:1893:25c8:1946"]],
    ["SSN: 460-89-9847", ["personal/us-ssn: 460-89-9847"]],
    ["加QQ：123456789或微信：made_up_name", ["personal/cn-qq: 123456789", "personal/cn-wechat: made_up_name"]],
    ["QQ：710959285，手机：13800138000", ["personal/cn-qq: 710959285", "personal/phone: 13800138000"]],
    ["车牌号京A·12345", ["personal/cn-plate: 京A·12345"]],
    ["codice fiscale RSSMRA85T10A562S", ["personal/it-fiscal-code: RSSMRA85T10A562S"]],
    ["身分證 A123456789", ["personal/tw-id: A123456789"]],
    ["passport X1234567", ["personal/passport: X1234567"]],
  ])("in %j", (text, wanted) => {
    expect(found(text)).toEqual(wanted);
  });

  test.each([
    "message 17268283749123 took 1.2.3.4 ms, build v10.20.30.40",
    "8,008,135 - 1,234,567 = 6,773,568 and 2012-10-11 12:13:14.567890",
    "https://site.example/a/4111111111111111?id=4111111111111111&t=20231025123456",
    "id e9bd5f2a-1234-4678-9012-345678901234, 00aa-0131-496-0000 call",
    "order 1234567890123456, ISBN 978-3-16-148410-0, 0.1234567890123",
    "std::vector<int> a::b::c at 12:30:45, ratio 16:9:4",
    "npm install left-pad@1.3.0 and user@host, @decorator.name, icon@2x.png",
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20",
    "京城A座 and QQ is a messenger; 微信支付 works",
  ])("not in %j", (text) => {
    expect(personal.find(text)).toEqual([]);
  });

  test("is tried with the numbers of regions that are named", () => {
    expect(found("0131 496 0000")).toEqual([]);
    expect(found("0131 496 0000", { regions: ["GB"] })).toEqual(["personal/phone: 0131 496 0000"]);
  });

  test("takes a column's name for a word that tells", () => {
    expect(found("460899847", { field: "applicant_ssn" })).toEqual(["personal/us-ssn: 460899847"]);
    expect(found("460899847", { field: "row" })).toEqual([]);
  });

  test.each([
    ["/手机号", "13912345678"],
    ["联系电话", "13912345678"],
    ["/联系方式", "13912345678"],
    ["contact", "13912345678"],
    ["/user/phone", "13912345678"],
    ["/phones/*", "13912345678"],
    ["phoneNumber", "8613912345678"],
    ["homePhone2", "2125550187"],
    ["tel", "0912345678"],
    ["telephone_no", "2125550187"],
    ["传真", "62782266"],
  ])("takes numbers of a field %s for telephones: %s", (field, number) => {
    expect(found(number, { field })).toEqual([`personal/phone: ${number}`]);
  });

  test.each([
    ["/qq", "12345678", "personal/cn-qq"],
    ["QQ号", "12345", "personal/cn-qq"],
    ["/user/wechat", "wxid_abc123x", "personal/cn-wechat"],
    ["微信号", "wxid_abc123x", "personal/cn-wechat"],
  ])("takes the cell of a field %s for what its name says: %s", (field, cell, rule) => {
    expect(found(cell, { field })).toEqual([`${rule}: ${cell}`]);
    expect(found(cell, { field: `${field}_time` })).toEqual([]);
    expect(found(`${cell} ${cell}`, { field })).toEqual([]);
  });

  test.each([
    ["订单号", "13912345678"],
    ["order_id", "13912345678"],
    ["/message_id", "13912345678"],
    ["phone_id", "13912345678"],
    ["手机串号", "13912345678"],
    ["contact_id", "13912345678"],
    ["联系方式", "12345678"],
    ["telemetry", "2125550187"],
    ["cell", "2125550187"],
    ["created_at", "1764105600"],
    ["phone", "1764105600123"],
    ["phone", "20251125"],
    ["phone", "the order 13912345678 was sent to somebody who did not ask for it at all"],
  ])("does not take those of a field %s: %s", (field, number) => {
    expect(found(number, { field })).toEqual([]);
  });
});

/** Characters of a key that no rule takes for a stand-in: made when the test runs, so that nothing here looks like a key. */
function keyOf(rule: MatchRule, seed: number): string {
  return matching(readRegex(rule.regex, false), drawing(seed));
}

const secrets = patternRules().filter((rule): rule is MatchRule => rule.kind === "match" && rule.area === "secret");

describe("secrets", () => {
  test.each(secrets.filter(({ id }) => !/jwt|private-key|password|database/.test(id)).map((rule) => [rule.id, rule] as const))(
    "%s is found",
    (id, rule) => {
      const texts = Array.from({ length: 12 }, (_, seed) => keyOf(rule, seed * 7919)).filter((text) => !text.includes("\n"));
      const hits = texts.filter((key) => set.find(`the key = "${key}", keep it`).some(({ pattern }) => pattern === id));
      expect(hits.length).toBeGreaterThan(texts.length * 0.7);
    },
  );

  test("a token's own check digits make sure", () => {
    const body = "T7qLm2Zx9KcVb4Rw8NfYp3Gs6HjDa1";
    const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const check = Array.from({ length: 6 }, (_, place) => digits[Math.floor(crc32(body) / 62 ** (5 - place)) % 62]).join("");
    const token = `${"gh"}p_${body}${check}`;
    expect(set.find(`x ${token}`)).toEqual([{ pattern: "secret/github", start: 2, end: 2 + token.length, certainty: "checked" }]);
    expect(set.find(`x ${token.slice(0, -1)}_`).length).toBe(0);
    expect(set.find(`x ${token.slice(0, -6)}000000`)).toMatchObject([{ certainty: "shaped" }]);
  });

  test("a JSON web token has a header that is one", () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = [
      part({ alg: "HS256", typ: "JWT" }),
      part({ sub: "somebody", iat: 1_516_239_022 }),
      "c2lnbmF0dXJlLXRoYXQtaXMtbWFkZS11cA",
    ].join(".");
    expect(found(`Bearer ${token}`)).toEqual([`secret/jwt: ${token}`]);
    expect(found(token.replace(/^eyJhb/, "eyJxx"))).toEqual([]);
  });

  test("a private key is taken whole, and an ellipsis for none", () => {
    const body = Array.from({ length: 20 }, (_, line) =>
      Buffer.from(`${line * 7919}abcdefghijklmnopqrstuvwxyz${line}`).toString("base64"),
    ).join("\n");
    const [head, foot] = ["BEGIN", "END"].map((word) => `-----${word} RSA PRIVATE ${"KEY"}-----`);
    expect(found(`x ${head}\n${body}\n${foot} y`)).toEqual([`secret/private-key: ${head}\n${body}\n${foot}`]);
    expect(found(`${head}\n...\n${foot}`)).toEqual([]);
  });

  test("passwords in addresses are found, stand-ins are not", () => {
    expect(found("postgres://ann:c0rrect-h0rse@db.site.org/x")).toEqual(["secret/database-url: postgres://ann:c0rrect-h0rse@"]);
    expect(found("postgres://user:password@localhost/x and https://a:$PASS@h/")).toEqual([]);
  });

  test("documentation's stand-ins are none", () => {
    expect(found(`${"AKIA"}IOSFODNN7EXAMPLE and hf_${"x".repeat(34)}`)).toEqual([]);
  });
});

describe("a set of patterns", () => {
  test("names its rules, sorted, and takes areas and ids", () => {
    expect(set.ids).toEqual([...set.ids].sort());
    expect(personal.ids.every((id) => id.startsWith("personal/"))).toBe(true);
    const only = compilePatterns({ only: ["personal/email"] });
    expect(only.ids).toEqual(["personal/email"]);
    expect(only.longest).toBeLessThan(set.longest);
  });

  const pieces = fc.oneof(
    fc.constantFrom(
      "ann@wikipedia.org",
      "4111 1111 1111 1111",
      "(650) 253-0000",
      "AKIA",
      "eyJ",
      "://",
      "版权",
      "GB82 WEST 1234 5698 7654 32",
      "460-89-9847",
      "\u{1f600}",
      "13800138000",
    ),
    fc.string({ maxLength: 12 }),
    fc.stringMatching(/^[0-9 .()+-]{0,30}$/),
  );
  const texts = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(" "));

  test("gives hits that lie in the text, sorted, apart within an area, and no longer than it says", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const hits = set.find(text);
        const ends = new Map<string, number>();
        let last = 0;
        for (const { pattern, start, end } of hits) {
          const area = pattern.slice(0, pattern.indexOf("/"));
          expect(start).toBeGreaterThanOrEqual(Math.max(last, ends.get(area) ?? 0));
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(end - start).toBeLessThanOrEqual(set.longest);
          ends.set(area, end);
          last = start;
        }
      }),
    );
  });

  test("finds the same again, whatever it looked at between", () => {
    fc.assert(
      fc.property(texts, texts, (text, other) => {
        const first = set.find(text);
        set.find(other);
        expect(set.find(text)).toEqual(first);
      }),
    );
  });

  test.each(["@", "1", "1 ", "a@", "eyJ", "AKIA", "://", "-----BEGIN ", "QQ", "a:", "1.", "+1", "京A", "ab12-", "sk-"])(
    "reads half a million characters of %j",
    (piece) => {
      const text = piece.repeat(Math.ceil(500_000 / piece.length));
      expect(set.find(text).length).toBeLessThan(text.length);
    },
  );
});

describe("words", () => {
  test("are found wherever they stand, case ignored", () => {
    const word = fc.stringMatching(/^[abB1汉-]{1,4}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.stringMatching(/^[abAB1汉 -]{0,40}$/), (list, text) => {
        const hits: string[] = [];
        new WordFinder(list.map((one, payload) => ({ word: one, payload }))).find(text, (payload, start) =>
          hits.push(`${payload}@${start}`),
        );
        const wanted = list.flatMap((one, payload) =>
          Array.from({ length: text.length }, (_, at) => at)
            .filter((at) => text.toLowerCase().startsWith(one.toLowerCase(), at))
            .map((at) => `${payload}@${at}`),
        );
        expect(hits.sort()).toEqual(wanted.sort());
      }),
    );
  });
});
