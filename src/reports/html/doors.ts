// "How far is the door open": a door for each component. The drawing says what the words below it say; nothing is added up.
import type { ComponentReport, Report } from "../../core/report.ts";
import { safeText } from "../safe-text.ts";
import { AVAILABILITY_MARKS, OPENNESS_MARKS } from "../table/marks.ts";
import type { Citations } from "./citations.ts";
import { escapeHtml } from "./escape.ts";
import type { Trio } from "./trio.ts";

/** What is drawn, by what can be had and what its terms allow. */
type Door = "open" | "ajar" | "away" | "gated" | "claimed" | "absent" | "unknown";

/** Places named below a door; the others are among its evidence. */
const PLACES = 2;

function doorOf({ availability, openness }: ComponentReport): Door {
  switch (availability) {
    case "found":
      return openness === "open" ? "open" : "ajar";
    case "elsewhere":
      return openness === "open" ? "open" : "away";
    default:
      return availability;
  }
}

/** Inside of the frame, 48 by 64. A leaf that stands open is drawn in perspective, hinged on the left. */
const DRAWINGS: Readonly<Record<Door, string>> = {
  open: `<rect class="light" x="8" y="6" width="32" height="54"/><path class="leaf" d="M8 6 18 12v54L8 60z"/><circle class="knob" cx="15.5" cy="39" r="1.4"/>`,
  ajar: `<rect class="light" x="8" y="6" width="32" height="54"/><path class="leaf" d="M8 6 30 9v54L8 60z"/><circle class="knob" cx="27" cy="37" r="1.6"/><path class="chain" d="M29 24h11"/>`,
  away: `<rect class="light" x="8" y="6" width="32" height="54"/><path class="leaf" d="M8 6 30 9v54L8 60z"/><path class="mark" d="M33 33h8m-4-4 4 4-4 4"/>`,
  gated: `<rect class="leaf" x="8" y="6" width="32" height="54"/><rect class="plate" x="17" y="30" width="14" height="12" rx="1.5"/><path class="lock" d="M20 30v-4a4 4 0 0 1 8 0v4"/>`,
  claimed: `<rect class="ghost" x="8" y="6" width="32" height="54"/><path class="mark" d="M15 36c4-6 6 6 10 0s5 4 8 0"/>`,
  absent: `<g class="wall"><rect x="8" y="6" width="32" height="54"/><path d="M8 17h32M8 28h32M8 39h32M8 50h32M24 6v11M16 17v11M32 17v11M24 28v11M16 39v11M32 39v11M24 50v10"/></g>`,
  unknown: `<rect class="ghost" x="8" y="6" width="32" height="54"/><path class="mark" d="M20 27a4.5 4.5 0 1 1 6 4.4c-1.4.6-2 1.4-2 3.1v1.5"/><circle class="dot" cx="24" cy="41.5" r="1.3"/>`,
};

/** What is only said to be there has no frame. */
const FRAME = `<path class="frame" d="M8 60V6h32v54"/>`;

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
  return `<li class="door ${kind}"><svg viewBox="0 0 48 66" width="48" height="66" aria-hidden="true" focusable="false">${DRAWINGS[kind]}${kind === "claimed" || kind === "unknown" ? "" : FRAME}<path class="sill" d="M2 61h44"/></svg>
<div><h3>${trio.name("component", id)}</h3>
<p><span class="state"><span aria-hidden="true">${AVAILABILITY_MARKS[availability].symbol}</span> ${trio.word(`availability.${availability}`)}</span>${partial ? ` <span class="partial">${trio.word("report.partial")}</span>` : ""}${terms === "" ? "" : ` ${terms}`}${citations.links(evidence)}</p>
${licenses.length === 0 ? "" : `<p class="licenses">${licenses.map((license) => `<code>${escapeHtml(safeText(license))}</code>`).join(" ")}</p>`}${where}</div></li>`;
}
