// A policy: rules that allow, deny or send to review, and exceptions with a name, a reason and an end. Form: docs/policy.md.
import { createHash } from "node:crypto";
import * as z from "zod";
import { AjarError } from "../core/errors.ts";
import { POLICY_EFFECTS, type PolicyEffect, type PolicyReport, type PolicyRuleReport, type Report } from "../core/report.ts";
import { day, digest, readLocated, text } from "../review/decision-file.ts";
import { BadExpression, compile, type Expression, MAX_COST } from "./language.ts";
import type { View } from "./view.ts";

const effect = z.enum(POLICY_EFFECTS);
const expression = z.string().trim().min(1).max(4000);
const named = { id: z.string().regex(/^[\w.-]{1,100}$/u, "an id has letters, digits, dots and dashes"), reason: text };

const schema = z.strictObject({
  policy: z.literal(1, "the version of the form, which is 1"),
  otherwise: effect.default("review"),
  rules: z
    .array(
      z.union(
        [
          z.strictObject({ ...named, allow: expression }),
          z.strictObject({ ...named, review: expression }),
          z.strictObject({ ...named, deny: expression }),
        ],
        "needs id, reason, and one of allow, review and deny with an expression",
      ),
    )
    .min(1)
    .max(500),
  exceptions: z
    .array(
      z.strictObject({
        rule: text,
        digest: digest.optional(),
        ref: text.optional(),
        until: day,
        reason: text,
        by: text,
      }),
    )
    .max(2000)
    .default([]),
});

interface Rule {
  readonly id: string;
  readonly reason: string;
  readonly effect: PolicyEffect;
  readonly expression: Expression;
}

type Exception = z.infer<typeof schema>["exceptions"][number];

export interface Policy {
  readonly file: string;
  readonly digest: string;
  readonly otherwise: PolicyEffect;
  readonly rules: readonly Rule[];
  readonly exceptions: readonly Exception[];
}

export interface Judged {
  readonly report: PolicyReport;
  /** Exceptions that would have covered a rule that holds, but whose day has passed. */
  readonly expired: readonly Exception[];
}

/** Reads and compiles a policy. @throws AjarError BAD_CONFIG naming file, line and what is wrong */
export function readPolicy(content: string, shown: string): Policy {
  const hint = "A policy has `policy: 1`, `rules` and perhaps `otherwise` and `exceptions`; docs/policy.md has the form.";
  const { content: file, lineOf } = readLocated(content, { shown, schema, hint });
  const refuse = (path: readonly PropertyKey[], problem: string): AjarError =>
    new AjarError("BAD_CONFIG", `${shown}:${lineOf(path)}: ${problem}`, { subject: shown, hint });
  const ids = file.rules.map(({ id }) => id);
  const rules = file.rules.map((rule, at): Rule => {
    if (ids.indexOf(rule.id) !== at) throw refuse(["rules", at, "id"], `there is another rule ${rule.id}`);
    const [name, source] =
      "allow" in rule
        ? (["allow", rule.allow] as const)
        : "deny" in rule
          ? (["deny", rule.deny] as const)
          : (["review", rule.review] as const);
    try {
      return { id: rule.id, reason: rule.reason, effect: name, expression: compile(source) };
    } catch (cause) {
      if (!(cause instanceof BadExpression)) throw cause;
      throw refuse(["rules", at, name], `rule ${rule.id}: ${cause.message}`);
    }
  });
  const strange = file.exceptions.findIndex(({ rule }) => !ids.includes(rule));
  if (strange !== -1) throw refuse(["exceptions", strange, "rule"], `there is no rule ${file.exceptions[strange]?.rule}`);
  const cost = rules.reduce((total, rule) => total + rule.expression.cost, 0);
  if (cost > MAX_COST) throw refuse(["rules"], "the rules together may take too long; put fewer macros inside one another");
  const sum = createHash("sha256").update(content).digest("hex");
  return { file: shown, digest: `sha256:${sum}`, otherwise: file.otherwise, rules, exceptions: file.exceptions };
}

/** Applies a policy. `today` is a day, YYYY-MM-DD: an exception holds on the days before its `until`. */
export function judge(policy: Policy, view: View, target: Report["target"], today: string): Judged {
  const about = policy.exceptions.filter(
    ({ digest: only, ref }) => (only === undefined || only === target.digest) && (ref === undefined || ref === target.ref),
  );
  const expired = new Set<Exception>();
  const rules = policy.rules.map((rule): PolicyRuleReport => {
    const { id, effect: wanted, reason } = rule;
    const { outcome, detail } = outcomeOf(rule, view);
    const base = { id, effect: wanted, outcome, reason, ...(detail === undefined ? {} : { detail }) };
    if (outcome === "does-not-hold") return base;
    const covering = about.filter((exception) => exception.rule === id);
    const holding = covering.find(({ until }) => today < until);
    if (holding === undefined) for (const one of covering) expired.add(one);
    if (holding === undefined) return base;
    const { by, reason: because, until } = holding;
    return { ...base, outcome: "excepted", exception: { by, reason: because, until } };
  });
  const { file, digest: sum, otherwise } = policy;
  return {
    report: { file, digest: sum, result: resultOf(rules, otherwise, view.isCut), rules, otherwise, partial: view.isCut },
    expired: [...expired],
  };
}

function outcomeOf({ expression: { holds } }: Rule, view: View): Pick<PolicyRuleReport, "outcome" | "detail"> {
  try {
    return { outcome: holds(view) ? "holds" : "does-not-hold" };
  } catch (cause) {
    return { outcome: "error", detail: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** The narrowest effect of the rules that hold. A rule that could not be evaluated, and a report of which more is there than was seen, allow nothing. */
function resultOf(rules: readonly PolicyRuleReport[], otherwise: PolicyEffect, isCut: boolean): PolicyEffect {
  const effects = rules.flatMap(({ outcome, effect: wanted }): readonly PolicyEffect[] => {
    if (outcome === "error") return ["review"];
    return outcome === "holds" ? [wanted] : [];
  });
  const said = effects.length === 0 ? [otherwise] : effects;
  return narrowest(isCut ? [...said, "review"] : said);
}

function narrowest(effects: readonly PolicyEffect[]): PolicyEffect {
  return POLICY_EFFECTS[Math.max(...effects.map((one) => POLICY_EFFECTS.indexOf(one)))] ?? "deny";
}
