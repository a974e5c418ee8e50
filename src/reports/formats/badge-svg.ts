import { badgeOf } from "../badge.ts";
import type { Format } from "../format.ts";
import { escapeHtml } from "../html/escape.ts";
import { textWidth } from "../width.ts";

/** Pixels of one terminal cell in 11-pixel sans-serif; `textLength` makes every renderer keep to it. */
const CELL = 6.6;
const PADDING = 8;
const HEIGHT = 20;

/** Backgrounds that white text stands out from by at least 4.5 to 1. */
const COLORS = { good: "#1a7f37", unsure: "#7a5c00", bad: "#b3261e" } as const;

export const format: Format = {
  id: "badge-svg",
  extensions: [".svg"],
  render: (report, options) => {
    const { label, message, tone } = badgeOf(report, options);
    const left = part(label, 0);
    const right = part(message, left.width);
    const title = escapeHtml(`${label}: ${message}`);
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${left.width + right.width}" height="${HEIGHT}" role="img" aria-label="${title}">
<title>${title}</title>
<rect width="${left.width}" height="${HEIGHT}" fill="#3b3f45"/>
<rect x="${left.width}" width="${right.width}" height="${HEIGHT}" fill="${COLORS[tone]}"/>
<g fill="#fff" font-family="Verdana,'Noto Sans','Noto Sans CJK SC',sans-serif" font-size="11">
${left.text}
${right.text}
</g>
</svg>
`;
  },
};

function part(words: string, x: number): { readonly width: number; readonly text: string } {
  const length = Math.round(textWidth(words) * CELL);
  const text = `<text x="${x + PADDING}" y="14" textLength="${length}" lengthAdjust="spacingAndGlyphs">${escapeHtml(words)}</text>`;
  return { width: length + 2 * PADDING, text };
}
