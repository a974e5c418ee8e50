import fc from "fast-check";
import { expect, it } from "vitest";
import { Sieve } from "../../patterns/sieve.ts";
import { checkPolicy, compilePlan, filtersFor } from "./policy/plan.ts";
import { readPolicyFile } from "./policy/read-policy.ts";
import { type TextFilters, TextScreen } from "./text-screen.ts";

function filtersOf(rest: string): TextFilters {
  const policy = readPolicyFile(`policy: 1\nid: t\n${rest}`, "policy.yaml");
  checkPolicy(policy, "policy.yaml");
  const { response } = compilePlan(policy, filtersFor(policy, "", ""));
  if (response === null) throw new Error("no filters");
  return response;
}

const filters = filtersOf(`patterns: [{areas: [personal, secret]}]
terms: [{id: a, terms: [zorblax], response: redact}]
expressions: [{id: ticket, regex: 'TICKET-\\d{4,8}', response: redact}]
`);
const BOUNDS = { hold: 100_000, encodedRun: 100_000, ignorableRun: 100_000 };

/** A key that is none: made when the test runs, so that nothing here looks like one. */
function madeKey(): string {
  const body = Array.from({ length: 20 }, (_, line) =>
    Buffer.from(`${line * 7919}abcdefghijklmnopqrstuvwxyz${line}`).toString("base64"),
  ).join("\n");
  const [head, foot] = ["BEGIN", "END"].map((word) => `-----${word} RSA PRIVATE ${"KEY"}-----`);
  return `${head}\n${body}\n${foot}`;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: "somebody", iat: 1_516_239_022 })}.c2lnbmF0dXJlLXRoYXQtaXMtbWFkZS11cA`;

const piece = fc.oneof(
  {
    arbitrary: fc.constantFrom(
      "ann.smith@wikipedia.org",
      "(650) 253-0000",
      "4111 1111 1111 1111",
      "TICKET-1234",
      "zorblax",
      "z-o-r-b-l-a-x",
      madeKey(),
      token,
    ),
    weight: 2,
  },
  {
    arbitrary: fc.constantFrom("call me at ", ". ", " and ", "-----", "eyJ", "TICKET-", "mail ", "\n", "so it is. ".repeat(30)),
    weight: 3,
  },
  { arbitrary: fc.string({ maxLength: 8 }), weight: 1 },
);

it("takes the same out of a text whether it comes whole or in pieces, and never lets out what it takes out later", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), fc.integer({ min: 1, max: 40 }), (parts, size) => {
      const text = parts.join(" ");
      const whole = new TextScreen(filters, "response", null);
      whole.push(text);
      whole.end();
      const screen = new TextScreen(filters, "response", BOUNDS);
      let out = "";
      let given = 0;
      const give = (): void => {
        out += screen.render(text.slice(given, screen.released), given, screen.released);
        given = screen.released;
      };
      for (let at = 0; at < text.length; at += size) {
        screen.push(text.slice(at, at + size));
        give();
      }
      screen.end();
      give();
      expect(screen.ending).toBeNull();
      expect(given).toBe(text.length);
      expect(out).toBe(whole.render(text, 0, text.length));
    }),
    { numRuns: 150 },
  );
});

it("lets the same out at the same time whether finders are asked always or only where something stands that they need", () => {
  const always: TextFilters = { ...filters, sieve: new Sieve(filters.finders.map(() => ({}))) };
  const wide = fc.constantFrom(
    "ａｎｎ@wikipedia.org",
    "138\u200b00138000",
    "卡号 6222(liù) 0212 3456 7890 128",
    "4111-1111-",
    "1111-1111",
    "@",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, wide), { maxLength: 12 }), fc.integer({ min: 1, max: 60 }), (parts, size) => {
      const text = parts.join("");
      const [quick, full] = [filters, always].map((some) => new TextScreen(some, "response", BOUNDS)) as [TextScreen, TextScreen];
      for (let at = 0; at < text.length; at += size) {
        for (const screen of [quick, full]) screen.push(text.slice(at, at + size));
        expect(quick.released).toBe(full.released);
      }
      for (const screen of [quick, full]) screen.end();
      expect(quick.render(text, 0, text.length)).toBe(full.render(text, 0, text.length));
      expect(quick.results()).toEqual(full.results());
    }),
    { numRuns: 200 },
  );
});

it("holds a text for a long secret only once one begins", () => {
  const secrets = filtersOf("patterns: [{ids: [secret/private-key, secret/jwt]}]\n");
  const screen = new TextScreen(secrets, "response", BOUNDS);
  screen.push("Nothing to see here. ".repeat(20));
  expect(screen.length - screen.released).toBeLessThan(100);
  screen.push("-----BEGIN RSA ");
  const before = screen.released;
  screen.push("x ".repeat(500));
  expect(screen.released).toBeLessThan(before + 60);
});

it("lists a filter once, however many rules it has", () => {
  const screen = new TextScreen(filters, "response", null);
  screen.push("ann.smith@wikipedia.org TICKET-1234");
  screen.end();
  expect(screen.results().map(({ filter, outcome }) => `${filter.replace(/@.*/u, "")} ${outcome}`)).toEqual([
    "terms/a passed",
    "patterns redacted",
    "expressions/ticket redacted",
  ]);
});
