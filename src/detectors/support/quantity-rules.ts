import { AjarError } from "../../core/errors.ts";
import type { Quantity } from "../../core/fact.ts";
import { loadRules } from "../../rules/load.ts";
import { Pattern } from "../../rules/pattern.ts";

/** How one quantity is worded; see rules/detectors/quantities.yaml. */
export interface QuantityRule {
  readonly quantity: Quantity;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly after: Pattern | null;
  readonly before: Pattern | null;
  readonly context: Pattern | null;
  readonly unless: Pattern | null;
  readonly column: Pattern | null;
  readonly columnUnless: Pattern | null;
  /** Words near a bare size such as 7B that make it a parameter count. */
  readonly list: Pattern | null;
  readonly roles: readonly string[];
}

const QUANTITIES: readonly Quantity[] = [
  "parameters",
  "tokens",
  "gpu-hours",
  "gpu-hours-total",
  "flop",
  "monthly-users",
  "energy",
  "emissions",
];

let loaded: readonly QuantityRule[] | undefined;

/** The rules in file order; the first that fits a number takes it. @throws AjarError BAD_RULE_DATA */
export function quantityRules(): readonly QuantityRule[] {
  if (loaded !== undefined) return loaded;
  const file: unknown = loadRules("detectors").get("quantities");
  const entries = typeof file === "object" && file !== null && "quantities" in file ? file.quantities : undefined;
  if (!Array.isArray(entries)) throw bad("a list `quantities` was expected");
  loaded = entries.map(readRule);
  return loaded;
}

function readRule(entry: unknown): QuantityRule {
  if (typeof entry !== "object" || entry === null) throw bad("every quantity is a map");
  const data: Readonly<Record<string, unknown>> = { ...entry };
  const quantity = QUANTITIES.find((known) => known === data["quantity"]);
  const { unit, min, max, roles } = data;
  if (quantity === undefined || typeof unit !== "string" || typeof min !== "number" || typeof max !== "number")
    throw bad("quantity, unit, min and max are owed");
  const pattern = (name: string, flags = "i"): Pattern | null => (typeof data[name] === "string" ? new Pattern(data[name], flags) : null);
  return {
    quantity,
    unit,
    min,
    max,
    after: pattern("after", quantity === "energy" ? "" : "i"),
    before: pattern("before"),
    context: pattern("context"),
    unless: pattern("unless"),
    column: pattern("column"),
    columnUnless: pattern("columnUnless"),
    list: pattern("list"),
    roles: Array.isArray(roles) ? roles.filter((role): role is string => typeof role === "string") : [],
  };
}

function bad(problem: string): AjarError {
  return new AjarError("BAD_RULE_DATA", problem, { subject: "rules/detectors/quantities.yaml" });
}
