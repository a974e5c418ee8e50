import { createElement } from "preact";
import { DOOR_BOX, DOORS, type Door } from "../../src/reports/html/door-shapes.ts";

/** A drawing that says what the words beside it say. */
export function DoorPicture({ door, size = "" }: { readonly door: Door; readonly size?: "" | "great" }) {
  return (
    <svg class={`door ${size}`} viewBox={DOOR_BOX} aria-hidden="true" focusable="false">
      {DOORS[door].map(({ tag, attributes }, index) => createElement(tag, { key: index, ...attributes }))}
    </svg>
  );
}
