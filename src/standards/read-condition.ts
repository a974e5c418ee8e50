// The condition language of rules/standards: one key per mapping, the key is the operator.
import { type Availability, COMPONENT_IDS } from "../core/component.ts";
import { DATA_ASPECTS, MEASURED_TOPICS } from "../core/fact.ts";
import { LICENSE_KINDS } from "../core/license.ts";
import type { Condition } from "./definition.ts";
import { Shape } from "./shape.ts";

const AVAILABILITIES: readonly Availability[] = ["found", "elsewhere", "gated", "claimed", "absent", "unknown"];
const STATED = ["usage-info", "duty", "relation", "quantity", "data-aspect"] as const;
/** Deeper nesting than any standard needs; keeps evaluation off the end of the stack. */
const MAX_DEPTH = 12;

type Reader = (shape: Shape, key: string, depth: number) => Condition;

const READERS: Readonly<Record<string, Reader>> = {
  all: (shape, key, depth) => ({ kind: "all", of: parts(shape, key, depth) }),
  any: (shape, key, depth) => ({ kind: "any", of: parts(shape, key, depth) }),
  not: (shape, key, depth) => ({ kind: "not", of: readCondition(shape.child(key), depth + 1) }),
  has: (shape, key) => {
    const it = named(shape, key);
    return {
      kind: "has",
      component: it.word("component", COMPONENT_IDS),
      through: it.words("through", AVAILABILITIES, ["found", "elsewhere"]),
      refuse: it.words("refuse", AVAILABILITIES, []),
      whole: it.flag("whole", false),
    };
  },
  licensed: (shape, key) => {
    const it = named(shape, key);
    return {
      kind: "licensed",
      component: it.word("component", COMPONENT_IDS),
      accept: it.words("accept", LICENSE_KINDS),
      restricted: it.has("restricted") ? it.word("restricted", ["not-met", "unknown"]) : "not-met",
    };
  },
  "terms-seen": (shape, key) => ({ kind: "terms-seen", component: shape.word(key, COMPONENT_IDS) }),
  "free-access": (shape, key) => ({ kind: "free-access", component: shape.word(key, COMPONENT_IDS) }),
  grants: (shape, key) => {
    const it = shape.child(key);
    return { kind: "grants", component: it.word("component", COMPONENT_IDS), disqualify: it.texts("disqualify") };
  },
  stated: (shape, key) => {
    const it = shape.child(key);
    return {
      kind: "stated",
      fact: it.word("fact", STATED),
      value: it.text("value"),
      silentWhen: it.words("silent-when", COMPONENT_IDS, []),
      closedWorld: it.flag("closed-world", false),
    };
  },
  "data-information": (shape, key) => {
    const it = shape.child(key);
    return { kind: "data-information", aspects: it.words("aspects", DATA_ASPECTS), silentWhen: it.words("silent-when", COMPONENT_IDS) };
  },
  measured: (shape, key) => {
    const it = shape.child(key);
    return {
      kind: "measured",
      component: it.has("component") ? it.word("component", COMPONENT_IDS) : null,
      whole: it.flag("whole", false),
      tell: it.words("tell", MEASURED_TOPICS, []),
      contradictedBy: it.has("contradicted-by") ? it.texts("contradicted-by") : [],
    };
  },
  compute: (shape, key) => {
    const it = shape.child(key);
    const relation = it.has("under") ? "under" : "over";
    return { kind: "compute", relation, flop: it.number(relation) };
  },
  attest: (shape, key) => ({ kind: "attest", question: shape.text(key) }),
};

/** Reads one condition. @throws AjarError BAD_RULE_DATA on an unknown operator or a wrong argument */
export function readCondition(shape: Shape, depth = 0): Condition {
  if (depth > MAX_DEPTH) return shape.fail("", "is nested too deep");
  const [key, ...others] = shape.keys;
  const read = key === undefined || !Object.hasOwn(READERS, key) ? undefined : READERS[key];
  if (key === undefined || read === undefined || others.length > 0) {
    return shape.fail("", `must have exactly one of ${Object.keys(READERS).join(", ")}`);
  }
  return read(shape, key, depth);
}

function parts(shape: Shape, key: string, depth: number): readonly Condition[] {
  const items = shape.list(key);
  if (items.length === 0) return shape.fail(key, "must not be empty");
  return items.map((item) => readCondition(item, depth + 1));
}

/** `has: weights` is short for `has: { component: weights }`. */
function named(shape: Shape, key: string): Shape {
  const value = shape.raw(key);
  return typeof value === "string" ? Shape.of({ component: value }, `${shape.place} ${key}`) : shape.child(key);
}
