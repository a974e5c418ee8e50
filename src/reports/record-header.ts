import type { Report } from "../core/report.ts";
import { safeText } from "./safe-text.ts";

/** Comment lines that say where a record comes from; a record of somebody's word must not be taken for one. */
export function recordHeader({ tool, target, coverage }: Report): string {
  const lines = [
    `Made by Ajar ${tool.version} (rules ${tool.rules}) from ${safeText(target.ref)}, ${target.digest}.`,
    "What Ajar could not settle is not listed as there; `ajar.unknown` names it.",
    ...(coverage.complete ? [] : ["The audit was partial: what follows is provisional."]),
  ];
  return `${lines.map((line) => `# ${line}`).join("\n")}\n`;
}
