// The safety rules: rules/safety, one file per family (`PK.yaml`), each entry an id with severity and source.
// Title, rationale and remedy are the messages finding.<id>, finding.<id>.means and finding.<id>.do.
import { AjarError } from "../core/errors.ts";
import type { Severity } from "../core/report.ts";
import type { SafetyHit } from "../core/scan.ts";
import { loadRules } from "../rules/load.ts";

export interface SafetyRule {
  readonly id: string;
  readonly severity: Severity;
  readonly source: string;
}

const SEVERITIES: readonly string[] = ["critical", "high", "medium", "low", "info"] satisfies readonly Severity[];
let known: ReadonlyMap<string, SafetyRule> | undefined;

/** All rules by id. @throws AjarError BAD_RULE_DATA */
export function safetyRules(): ReadonlyMap<string, SafetyRule> {
  known ??= readRules();
  return known;
}

function readRules(): ReadonlyMap<string, SafetyRule> {
  const rules = new Map<string, SafetyRule>();
  for (const [family, entries] of loadRules("safety")) {
    // Lower-case files hold lists (names of imports, extensions), not rules.
    if (!/^[A-Z]+$/u.test(family)) continue;
    for (const [id, entry] of Object.entries(Object(entries))) rules.set(id, readRule(id, Object(entry)));
  }
  return rules;
}

function readRule(id: string, entry: Readonly<Record<string, unknown>>): SafetyRule {
  const { severity, source } = entry;
  if (isSeverity(severity) && typeof source === "string") return { id, severity, source };
  throw new AjarError("BAD_RULE_DATA", `rule ${id} lacks its severity or source`, { subject: "rules/safety" });
}

function isSeverity(value: unknown): value is Severity {
  return typeof value === "string" && SEVERITIES.includes(value);
}

type Args = Readonly<Record<string, string | number>>;

/** What a hit says besides its rule. */
export interface HitDetails {
  readonly start: number;
  readonly end: number;
  /** Sentence `safety.<rule>.<variant>`; absent: `safety.<rule>`. */
  readonly variant?: string;
  readonly args?: Args;
  /** In place of the rule's own, where the context makes it more or less grave. */
  readonly severity?: Severity;
  readonly member?: string;
  readonly quote?: string;
}

/** A hit of a rule, with the rule's severity unless told otherwise. @throws AjarError BUG for a rule that rules/safety does not have */
export function hitOf(rule: string, details: HitDetails): SafetyHit {
  const found = safetyRules().get(rule);
  if (found === undefined) throw new AjarError("BUG", `there is no safety rule ${rule}`, { subject: "rules/safety" });
  const { start, end, variant, args, severity, member, quote } = details;
  return {
    rule,
    severity: severity ?? found.severity,
    message: { id: variant === undefined ? `safety.${rule}` : `safety.${rule}.${variant}`, ...(args === undefined ? {} : { args }) },
    // Places that a file states can be anything.
    start: Math.max(0, start),
    end: Math.max(0, start, end),
    ...(member === undefined ? {} : { member }),
    ...(quote === undefined ? {} : { quote }),
  };
}
