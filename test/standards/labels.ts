// A careful reader's labels of real releases, turned into what the standards see. No detector takes part.
import { readFileSync } from "node:fs";
import { COMPONENT_IDS, type ComponentId } from "../../src/core/component.ts";
import type { ComponentState, ReleaseView } from "../../src/core/release.ts";
import { license, release, state } from "./release-view.ts";

interface Label {
  readonly status: string;
  readonly where: string;
  readonly licence: string;
}

const OSI = ["Apache-2.0", "MIT"];
const RAIL = /RAIL/u;
const CONDITION = { term: "user-threshold", clause: "2" };
const USE = { term: "field-of-use", clause: "Attachment A" };

/** The release that a label file describes. */
export function viewOfLabels(file: string): ReleaseView {
  // A file of the reference folder, whose shape its README describes.
  const { components } = JSON.parse(readFileSync(file, "utf8")) as { readonly components: Readonly<Record<string, Label>> };
  const states = Object.entries(components).flatMap(([name, label]): readonly ComponentState[] => {
    const id = COMPONENT_IDS.find((known) => known === name.replaceAll("_", "-"));
    return id === undefined ? [] : [stateOf(id, label)];
  });
  const unlabelled = COMPONENT_IDS.filter((id) => !states.some((one) => one.id === id)).map((id) => state(id, "unknown"));
  return release([...states, ...unlabelled]);
}

function stateOf(id: ComponentId, label: Label): ComponentState {
  if (label.status === "described") return state(id, "claimed");
  if (label.status === "absent" || label.status === "unknown") return state(id, label.status);
  if (label.status === "elsewhere") return state(id, "elsewhere");
  const availability = label.where.startsWith("in-repo") ? "found" : "elsewhere";
  if (label.status === "restricted") {
    const terms = RAIL.test(label.licence) ? USE : CONDITION;
    return state(id, availability, "restricted", [license(label.licence, "use-restricted", [terms])]);
  }
  const kind = OSI.includes(label.licence) ? "osi-approved" : label.licence.startsWith("CC-") ? "open-content" : null;
  return state(id, availability, kind === null ? "unknown" : "open", [license(label.licence, kind)]);
}
