// Endpoint of shields.io: https://shields.io/badges/endpoint-badge
import { badgeOf } from "../badge.ts";
import type { Format } from "../format.ts";
import { toJson } from "../json.ts";

const COLORS = { good: "brightgreen", unsure: "yellow", bad: "red" } as const;

export const format: Format = {
  id: "badge-json",
  extensions: [".badge.json"],
  render: (report, options) => {
    const { label, message, tone } = badgeOf(report, options);
    return toJson({ schemaVersion: 1, label, message, color: COLORS[tone] });
  },
};
