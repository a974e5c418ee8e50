// The drawings of doors as data, for whoever draws: the report as text, the pages of the web app as elements.
import type { ComponentReport, HeadlineWord } from "../../core/report.ts";

/** What is drawn, by what can be had and what its terms allow. */
export type Door = "open" | "ajar" | "away" | "gated" | "claimed" | "absent" | "unknown" | "closed";

interface Shape {
  readonly tag: "rect" | "path" | "circle";
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** The door of a component. */
export function doorOf({ availability, openness }: Pick<ComponentReport, "availability" | "openness">): Door {
  switch (availability) {
    case "found":
      return openness === "open" ? "open" : "ajar";
    case "elsewhere":
      return openness === "open" ? "open" : "away";
    default:
      return availability;
  }
}

/** The door of a whole release. */
export function doorOfWord(word: HeadlineWord): Door {
  return word === "shut" ? "closed" : word;
}

const rect = (name: string, x = 8, y = 6, width = 32, height = 54, rx = 0): Shape => ({
  tag: "rect",
  attributes: { class: name, x, y, width, height, ...(rx === 0 ? {} : { rx }) },
});
const path = (name: string, d: string): Shape => ({ tag: "path", attributes: { class: name, d } });
const circle = (name: string, cx: number, cy: number, r: number): Shape => ({ tag: "circle", attributes: { class: name, cx, cy, r } });

/** Size of every drawing; the inside of the frame is 32 by 54. */
export const DOOR_BOX = "0 0 48 66";

const WIDE = path("leaf", "M8 6 18 12v54L8 60z");
const NARROW = path("leaf", "M8 6 30 9v54L8 60z");
const FRAME = path("frame", "M8 60V6h32v54");
const SILL = path("sill", "M2 61h44");

/** A leaf that stands open is drawn in perspective, hinged on the left. What is only said to be there has no frame. */
export const DOORS: Readonly<Record<Door, readonly Shape[]>> = {
  open: [rect("light"), WIDE, circle("knob", 15.5, 39, 1.4), FRAME, SILL],
  ajar: [rect("light"), NARROW, circle("knob", 27, 37, 1.6), path("chain", "M29 24h11"), FRAME, SILL],
  away: [rect("light"), NARROW, path("mark", "M33 33h8m-4-4 4 4-4 4"), FRAME, SILL],
  gated: [rect("leaf"), rect("plate", 17, 30, 14, 12, 1.5), path("lock", "M20 30v-4a4 4 0 0 1 8 0v4"), FRAME, SILL],
  closed: [rect("leaf"), circle("knob", 35, 36, 1.8), FRAME, SILL],
  claimed: [rect("ghost"), path("mark", "M15 36c4-6 6 6 10 0s5 4 8 0"), SILL],
  absent: [
    rect("wall"),
    path("wall", "M8 17h32M8 28h32M8 39h32M8 50h32M24 6v11M16 17v11M32 17v11M24 28v11M16 39v11M32 39v11M24 50v10"),
    FRAME,
    SILL,
  ],
  unknown: [rect("ghost"), path("mark", "M20 27a4.5 4.5 0 1 1 6 4.4c-1.4.6-2 1.4-2 3.1v1.5"), circle("dot", 24, 41.5, 1.3), SILL],
};
