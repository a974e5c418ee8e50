// Prints every finding about license statements and claims in recorded releases, each with the places and what they say.
// usage: node scripts/compare-contradictions.ts [releases folder] [--brief]
import { text } from "../src/reports/messages.ts";
import { briefOf, contradictionsIn, placeOf } from "../test/components/contradictions.ts";

const [folder = new URL("../../shared/corpus/releases", import.meta.url).pathname] = process.argv
  .slice(2)
  .filter((word) => !word.startsWith("--"));
const found = await contradictionsIn(folder);
if (found === null) {
  console.error(`${folder} is not there: nothing to look through`);
  process.exit(2);
}
if (process.argv.includes("--brief")) {
  for (const contradiction of found) console.log(briefOf(contradiction));
} else {
  let last = "";
  for (const { release, finding } of found) {
    if (release !== last) console.log(`\n${release}`);
    last = release;
    console.log(`  ${finding.ruleId} (${finding.severity}): ${text(finding.message, "en")}`);
    for (const piece of finding.evidence) console.log(`      ${placeOf(piece)}  ${piece.digest.slice(0, 19)}  “${piece.quote ?? ""}”`);
  }
}
const wrong = found.filter(({ finding }) => finding.severity !== "info");
console.log(
  `\n${wrong.length} findings in ${new Set(wrong.map(({ release }) => release)).size} releases, ${found.length - wrong.length} told as information`,
);
