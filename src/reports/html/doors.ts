// "How far is the door open": a door for each component. The drawing says what the words below it say; nothing is added up.
import type { ComponentReport, Report } from "../../core/report.ts";
import { safeText } from "../safe-text.ts";
import { AVAILABILITY_MARKS, OPENNESS_MARKS } from "../table/marks.ts";
import type { Citations } from "./citations.ts";
import { DOOR_BOX, DOORS, type Door, doorOf } from "./door-shapes.ts";
import { escapeHtml } from "./escape.ts";
import type { Trio } from "./trio.ts";

/** Places named below a door; the others are among its evidence. */
const PLACES = 2;

/** One drawing, of the size that the style gives its class. */
export function drawing(door: Door, name: string): string {
  const shapes = DOORS[door].map(({ tag, attributes }) => {
    const written = Object.entries(attributes).map(([key, value]) => `${key}="${value}"`);
    return `<${tag} ${written.join(" ")}/>`;
  });
  return `<svg class="${name}" viewBox="${DOOR_BOX}" aria-hidden="true" focusable="false">${shapes.join("")}</svg>`;
}

export function doors(report: Report, trio: Trio, citations: Citations): string {
  return `<ul class="doors">${report.components.map((component) => door(component, trio, citations)).join("\n")}</ul>`;
}

function door(component: ComponentReport, trio: Trio, citations: Citations): string {
  const { id, availability, openness, partial, licenses, places, evidence } = component;
  const kind = doorOf(component);
  const terms =
    availability === "absent"
      ? ""
      : `<span class="terms"><span aria-hidden="true">${OPENNESS_MARKS[openness].symbol}</span> ${trio.word(`openness.${openness}`)}</span>`;
  const shown = places.slice(0, PLACES).map((place) => `<li>${escapeHtml(safeText(place))}</li>`);
  const left = places.length - shown.length;
  const where = shown.length === 0 ? "" : `<ul class="places">${shown.join("")}${left > 0 ? `<li>+${left}</li>` : ""}</ul>`;
  return `<li class="door ${kind}">${drawing(kind, "picture")}
<div><h3>${trio.name("component", id)}</h3>
<p><span class="state"><span aria-hidden="true">${AVAILABILITY_MARKS[availability].symbol}</span> ${trio.word(`availability.${availability}`)}</span>${partial ? ` <span class="partial">${trio.word("report.partial")}</span>` : ""}${terms === "" ? "" : ` ${terms}`}${citations.links(evidence)}</p>
${licenses.length === 0 ? "" : `<p class="licenses">${licenses.map((license) => `<code>${escapeHtml(safeText(license))}</code>`).join(" ")}</p>`}${where}</div></li>`;
}
