// Records in the framework's format: read from somebody's judgement, or made from what Ajar saw.
import type { ComponentId } from "../core/component.ts";
import { factsOf, type JudgementFact } from "../core/fact.ts";
import type { ReleaseView } from "../core/release.ts";
import type { MofStandard } from "./definition.ts";
import { type MotComponent, type MotRecord, UNLICENSED } from "./mot-rule.ts";
import { isAbsent, stateOf } from "./view.ts";

/** Subjects of judgements that speak of the record itself and not of a component. */
const RECORD_SUBJECT = "release";
const LICENSE_SUBJECT = "release.license.";
const UNKNOWN_SUBJECT = "release.unknown";
/** Any id that the tool counts as open; stands for terms that might turn out well. */
const HOPED_FOR = "Apache-2.0";

/** Judgements of a framework record among the facts. */
export function mofJudgements(view: ReleaseView): readonly JudgementFact[] {
  return factsOf(view.facts, "judgement").filter((fact) => fact.standard === "mof");
}

/** The record as its judgements tell it; `highest` also lists, as open, the components that the record itself calls unknown. */
export function recordFromJudgements(facts: readonly JudgementFact[], bound: "lowest" | "highest"): MotRecord {
  const global = (name: string): string | null => facts.find((fact) => fact.subject === `${LICENSE_SUBJECT}${name}`)?.value ?? null;
  const unknown = bound === "lowest" ? [] : facts.filter((fact) => fact.subject === UNKNOWN_SUBJECT).flatMap(({ value }) => value ?? []);
  const listed = facts.filter(
    ({ subject }) => subject !== RECORD_SUBJECT && subject !== UNKNOWN_SUBJECT && !subject.startsWith(LICENSE_SUBJECT),
  );
  return {
    components: [
      ...listed.filter(({ subject }) => !unknown.includes(subject)).map((fact) => ({ name: fact.subject, license: fact.value })),
      ...unknown.map((name) => ({ name, license: HOPED_FOR })),
    ],
    distribution: global("distribution"),
    global: { code: global("code"), data: global("data"), document: global("document") },
  };
}

/**
 * A record of what the release shows. `lowest` lists what is surely there under terms that were read; `highest` also
 * lists what might be there, under terms that might be open. The truth lies between the two.
 */
export function recordFromComponents(standard: MofStandard, view: ReleaseView, bound: "lowest" | "highest"): MotRecord {
  const components = standard.components.flatMap(({ id, name, component }): readonly MotComponent[] => {
    // The paper is listed once, as a paper; the tool lets it stand in for the report.
    if (id === "mof/technical-report") return [];
    // Ajar has no word for these optional parts: nothing is known of them.
    if (component === null) return bound === "lowest" ? [] : [{ name, license: HOPED_FOR }];
    const license = bound === "lowest" ? surely(component, view) : perhaps(component, view);
    return license === null ? [] : [{ name, license }];
  });
  return { components, distribution: null, global: { code: null, data: null, document: null } };
}

function surely(id: ComponentId, view: ReleaseView): string | null {
  const state = stateOf(view, id);
  const isThere = state.availability === "found" || (state.availability === "elsewhere" && state.openness !== "unknown");
  if (!isThere) return null;
  const ids = [...new Set(state.licenses.map((license) => license.id))].join(" AND ");
  if (ids === "") return UNLICENSED;
  // No id that the tool knows ends so: what is not open here is not counted as open there.
  return state.openness === "open" ? ids : `${ids} (${state.openness})`;
}

function perhaps(id: ComponentId, view: ReleaseView): string | null {
  if (isAbsent(view, id)) return null;
  const { openness } = stateOf(view, id);
  return openness === "unknown" ? HOPED_FOR : (surely(id, view) ?? (openness === "open" ? HOPED_FOR : UNLICENSED));
}
