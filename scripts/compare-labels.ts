// Compares Ajar's components and licenses with hand-made labels of recorded releases, and prints where they differ.
// usage: node scripts/compare-labels.ts [releases folder] [--only NAME] [--quiet]
import { type Comparison, compareReleases } from "../test/components/compare.ts";

const [folder = new URL("../../shared/corpus/releases", import.meta.url).pathname] = process.argv.slice(2).filter((word, at, all) => {
  return !word.startsWith("--") && all[at - 1] !== "--only";
});
const at = process.argv.indexOf("--only");
const only = at === -1 ? null : (process.argv[at + 1] ?? null);

const result: Comparison | null = await compareReleases(folder, only);
if (result === null) {
  console.error(`${folder} is not there: nothing to compare with`);
  process.exit(2);
}
if (!process.argv.includes("--quiet")) {
  let release = "";
  for (const cell of result.cells) {
    if (cell.release !== release) console.log(`\n${cell.release}`);
    release = cell.release;
    const mark = cell.label === "unknown" ? " " : cell.agrees ? "=" : cell.disputed === null ? "x" : "d";
    console.log(
      `  ${mark} ${cell.component.padEnd(22)} ${cell.label.padEnd(11)} ${cell.availability.padEnd(10)} ${cell.openness.padEnd(11)} ${cell.place}`,
    );
  }
}
const decided = result.cells.filter(({ label }) => label !== "unknown");
const agreed = decided.filter(({ agrees }) => agrees);
const share = (part: number, whole: number): string => `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(1)} %)`;
const wrongOpen = decided.filter(({ wrongOpen: wrong }) => wrong);
console.log("\nDisagreements");
for (const cell of decided.filter(({ agrees }) => !agrees)) {
  const note = cell.disputed === null ? "" : ` [label disputed: ${cell.disputed}]`;
  console.log(`  ${cell.release} ${cell.component}: label ${cell.label}, ours ${cell.availability}/${cell.openness} ${cell.place}${note}`);
}
console.log("\nLicense files");
for (const file of result.licenses.filter(({ agrees }) => !agrees)) {
  console.log(
    `  ${file.release} ${file.path}: label ${file.label}, ours ${file.ours.join(", ") || "nothing"}${file.confident ? " (confident)" : ""}`,
  );
}
const byComponent = new Map<string, [number, number]>();
for (const cell of decided) {
  const [good, all] = byComponent.get(cell.component) ?? [0, 0];
  byComponent.set(cell.component, [good + (cell.agrees ? 1 : 0), all + 1]);
}
console.log("\nTotals");
for (const [component, [good, all]] of byComponent) console.log(`  ${component.padEnd(22)} ${share(good, all)}`);
const licensesRight = result.licenses.filter(({ agrees }) => agrees).length;
console.log(`  cells that agree       ${share(agreed.length, decided.length)}`);
console.log(
  `  without disputed       ${share(agreed.filter(({ disputed }) => disputed === null).length, decided.filter(({ disputed }) => disputed === null).length)}`,
);
console.log(`  ours unknown           ${decided.filter(({ availability }) => availability === "unknown").length}`);
console.log(
  `  open, label restricted or absent: ${wrongOpen.length} (undisputed: ${wrongOpen.filter(({ disputed }) => disputed === null).length})`,
);
console.log(
  `  license files right    ${share(licensesRight, result.licenses.length)}, confidently wrong: ${result.licenses.filter((file) => file.confident && !file.agrees).length}`,
);
