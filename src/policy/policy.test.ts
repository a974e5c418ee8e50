import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleReport } from "../../test/cli/sample-report.ts";
import { POLICY_EFFECTS, type PolicyEffect, type Report } from "../core/report.ts";
import { USES } from "../core/terms.ts";
import { answerUse } from "../use/use.ts";
import { compile, MAX_COST } from "./language.ts";
import { judge, readPolicy } from "./policy.ts";
import { MAX_ITEMS, type View, viewOf } from "./view.ts";

const asked = { uses: USES, asOf: "2026-01-01" } as const;

function seen(report: Report): View {
  return viewOf(
    report,
    answerUse(report, asked, () => null, { holding: [], expired: [] }),
    () => null,
  );
}

function withFindings(count: number): Report {
  const [finding] = sampleReport.findings;
  if (finding === undefined) throw new Error("the sample has no finding");
  return { ...sampleReport, findings: Array.from({ length: count }, (_, at) => ({ ...finding, path: `f${at}` })) };
}

const one = (expression: string): string =>
  `policy: 1\notherwise: allow\nrules:\n  - id: a\n    reason: r\n    review: ${JSON.stringify(expression)}\n`;

describe("readPolicy", () => {
  const refused: readonly (readonly [string, string, number])[] = [
    ["rules: []", "policy", 1],
    ["policy: 2\nrules: []", "version", 1],
    ["policy: 1\nrules: []", "rules", 2],
    ["policy: 1\nrules:\n  - id: a\n    reason: r", "allow, review and deny", 3],
    ["policy: 1\nrules:\n  - id: a\n    reason: r\n    deny: 'true'\n    allow: 'true'", "allow, review and deny", 3],
    ["policy: 1\nrules:\n  - id: a\n    reason: r\n    deny: 'findings.exists('", "rule a: Unexpected", 5],
    ["policy: 1\nrules:\n  - id: a\n    reason: r\n    deny: 'nothing == 1'", "Unknown variable", 5],
    ["policy: 1\nrules:\n  - id: a\n    reason: r\n    deny: '1 + 1'", "gives int", 5],
    ["policy: 1\nrules:\n  - id: a\n    reason: r\n    deny: 'target.ref.matches(\"(a+)+$\")'", "matches is not among", 5],
    ["policy: 1\nrules:\n  - id: a\n    reason: r\n    deny: 'cel.bind(x, 1, x == 1)'", "bind is not among", 5],
    ["policy: 1\nrules:\n  - id: a\n    reason: r\n    deny: 'true'\n  - id: a\n    reason: r\n    deny: 'true'", "another rule a", 6],
    [
      "policy: 1\nrules:\n  - id: a\n    reason: r\n    deny: 'true'\nexceptions:\n  - { rule: b, until: 2027-01-01, reason: r, by: l }",
      "no rule b",
      7,
    ],
    [
      "policy: 1\nrules:\n  - id: a\n    reason: r\n    deny: 'true'\nexceptions:\n  - { rule: a, until: soon, reason: r, by: l }",
      "not a day",
      7,
    ],
    ["policy: 1\nrules: &x\n  - *x", "", 1],
    ["policy: [", "", 1],
  ];
  it.each(refused)("refuses %j", (content, problem, line) => {
    let message = "";
    try {
      readPolicy(content, "p.yaml");
    } catch (error) {
      message = error instanceof Error ? error.message : "";
    }
    expect(message).toContain(problem);
    expect(message).toMatch(new RegExp(`^p\\.yaml:${line}: `, "u"));
  });

  it("refuses macros inside macros inside macros, and rules that together cost too much", () => {
    const nested = "findings.all(a, findings.all(b, findings.all(c, a.rule == c.rule)))";
    expect(() => readPolicy(one(nested), "p")).toThrow("inside one another");
    const twice = (names: number): string =>
      `policy: 1\nrules:\n${Array.from({ length: names }, (_, at) => `  - { id: r${at}, reason: r, deny: 'findings.all(a, findings.all(b, a.rule == b.rule))' }`).join("\n")}`;
    expect(() => readPolicy(twice(1), "p")).not.toThrow();
    expect(() => readPolicy(twice(40), "p")).toThrow("too long");
  });

  it("refuses or reads whatever text it is given, with one error", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (expression) => {
        try {
          compile(expression);
        } catch (error) {
          expect(String(error)).toMatch(/^Error: [^\n]+$/u);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("judge", () => {
  it("costs no more than was counted when it was read, however much a report holds", () => {
    const expression = "findings.all(a, findings.all(b, a.path == b.path || a.rule == b.rule))";
    expect(compile(expression).cost).toBeLessThan(MAX_COST);
    const view = seen(withFindings(20_000));
    expect(view.isCut).toBe(true);
    expect(view.variables.findings).toHaveLength(MAX_ITEMS);
    const judged = judge(readPolicy(one(expression), "p"), view, sampleReport.target, "2026-01-01");
    expect(judged.report).toMatchObject({ result: "review", partial: true, rules: [{ outcome: "holds" }] });
    const nothing = judge(readPolicy(one("false"), "p"), view, sampleReport.target, "2026-01-01");
    expect(nothing.report.result).toBe("review");
  });

  it("gives the narrowest of the rules that hold, in whatever order they stand", () => {
    const rule = fc.record({ effect: fc.constantFrom<PolicyEffect>("allow", "review", "deny"), holds: fc.boolean() });
    const view = seen(sampleReport);
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 6 }),
        fc.constantFrom<PolicyEffect>("allow", "review", "deny"),
        (rules, otherwise) => {
          const lines = (all: typeof rules): string =>
            all.map(({ effect, holds }, at) => `  - { id: r${at}, reason: r, ${effect}: '${holds}' }`).join("\n");
          const result = (all: typeof rules) =>
            judge(readPolicy(`policy: 1\notherwise: ${otherwise}\nrules:\n${lines(all)}`, "p"), view, sampleReport.target, "2026-01-01")
              .report.result;
          const held = rules.filter(({ holds }) => holds).map(({ effect }) => effect);
          const expected = POLICY_EFFECTS.toReversed().find((effect) => held.includes(effect)) ?? otherwise;
          expect(result(rules)).toBe(expected);
          expect(result(rules.toReversed())).toBe(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("shows texts of a release as texts: nothing in them is run", () => {
    const hostile = { ...sampleReport, target: { ...sampleReport.target, ref: '" || true || "' } };
    const judged = judge(readPolicy(one('target.ref == "x"'), "p"), seen(hostile), hostile.target, "2026-01-01");
    expect(judged.report.rules[0]?.outcome).toBe("does-not-hold");
  });
});
