// What a publisher can do about an open criterion. Steps of one key are one step: what they ask for is put together.
import { type ComponentId, type LicenseScope, SCOPE_OF } from "../core/component.ts";
import { DATA_ASPECTS, type DataAspect } from "../core/fact.ts";
import type { Message } from "../core/report.ts";

interface Grounded {
  /** Evidence ids of what the step is about, e.g. of the license to be replaced. */
  readonly evidence?: readonly string[];
}

/** Whether terms are missing, narrow (to be replaced), or not settled by what was seen. */
export type TermsGap = "none" | "narrow" | "unsettled";

export type Step =
  /** `openly`: the criterion asks for open terms too, so that licensing is no step of its own. */
  | (Grounded & { readonly act: "publish"; readonly component: ComponentId; readonly openly: boolean; readonly spokenOf: string | null })
  | (Grounded & { readonly act: "complete" | "ungate" | "read" | "free-commerce"; readonly component: ComponentId; readonly place: string })
  | (Grounded & {
      readonly act: "license";
      readonly scope: LicenseScope;
      readonly gap: TermsGap;
      readonly components: readonly ComponentId[];
      readonly licenses: readonly string[];
      readonly place: string;
    })
  | { readonly act: "describe-data"; readonly aspects: readonly DataAspect[] }
  | { readonly act: "tell-users"; readonly topics: readonly string[] }
  /** A single sentence that nothing adds to. */
  | { readonly act: "other"; readonly key: string; readonly message: Message }
  /** Only a human's word settles it: never before what a publisher can do. */
  | { readonly act: "attest"; readonly key: string; readonly message: Message };

/** Steps with the same key are done by one act. */
export function stepKey(step: Step): string {
  switch (step.act) {
    case "publish":
    case "complete":
    case "ungate":
    case "read":
    case "free-commerce":
      return `${step.act}:${step.component}`;
    case "license":
      return `license:${step.scope}:${step.gap}`;
    case "describe-data":
    case "tell-users":
      return step.act;
    default:
      return `${step.act}:${step.key}`;
  }
}

/** Two steps of one key, put together. */
function together(first: Step, second: Step): Step {
  if (first.act === "publish" && second.act === "publish") {
    return { ...first, openly: first.openly || second.openly, spokenOf: first.spokenOf ?? second.spokenOf };
  }
  if (first.act === "license" && second.act === "license") {
    return {
      ...first,
      components: union(first.components, second.components),
      licenses: union(first.licenses, second.licenses),
      evidence: union(first.evidence ?? [], second.evidence ?? []),
    };
  }
  if (first.act === "describe-data" && second.act === "describe-data") {
    const asked = union(first.aspects, second.aspects);
    return { ...first, aspects: DATA_ASPECTS.filter((aspect) => asked.includes(aspect)) };
  }
  if (first.act === "tell-users" && second.act === "tell-users") return { ...first, topics: union(first.topics, second.topics) };
  return first;
}

function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  return [...new Set([...a, ...b])];
}

/** Steps without repeats, first come first. */
export function distinctSteps(steps: readonly Step[]): readonly Step[] {
  return [...groupSteps(steps).values()];
}

/** Steps by what is done, each put together from all that ask for it; in the order in which they came first. */
export function groupSteps(steps: readonly Step[]): ReadonlyMap<string, Step> {
  const byKey = new Map<string, Step>();
  for (const step of steps) {
    const key = stepKey(step);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? step : together(known, step));
  }
  return byKey;
}

/** Options of `ajar audit` that name where such parts are. */
const FLAGS: Readonly<Record<LicenseScope, string>> = { code: "--code", weights: "--weights", data: "--data", documents: "--docs" };

/** The sentence of a step: what is to be done, and where. */
export function stepMessage(step: Step): Message {
  switch (step.act) {
    case "publish": {
      const { component, openly, spokenOf, evidence } = step;
      const id = `standards.do.publish${openly ? "-openly" : ""}${spokenOf === null ? "" : "-spoken-of"}`;
      return grounded({ id, args: { component, ...(spokenOf === null ? {} : { place: spokenOf }) } }, evidence);
    }
    case "read": {
      const { component, place, evidence } = step;
      return grounded({ id: "standards.do.read", args: { component, place, flag: FLAGS[SCOPE_OF[component]] } }, evidence);
    }
    case "complete":
    case "ungate":
    case "free-commerce":
      return grounded({ id: `standards.do.${step.act}`, args: { component: step.component, place: step.place } }, step.evidence);
    case "license": {
      const { scope, gap, components, licenses, place, evidence } = step;
      const args = { components: components.join(", "), licenses: licenses.join(", "), place };
      return grounded({ id: `standards.do.license.${scope}${gap === "none" ? "" : `.${gap}`}`, args }, evidence);
    }
    case "describe-data":
      return { id: "standards.do.describe-data", args: { aspects: step.aspects.join(", ") } };
    case "tell-users":
      return { id: "standards.do.tell-users", args: { "usage-infos": step.topics.join(", ") } };
    default:
      return step.message;
  }
}

function grounded(message: Message, evidence: readonly string[] | undefined): Message {
  return evidence === undefined || evidence.length === 0 ? message : { ...message, evidence };
}
