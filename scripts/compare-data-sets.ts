// Prints how far records of data sets that people labelled agree with what Ajar knows and reads of them.
//   npm run compare:data-sets [-- folder of the labelled sets]
import { isLabelled, labelledFolder, labelledMetadata, labelledSets, namedLicenses } from "../test/dataset/labelled-sets.ts";

const folder = process.argv[2] ?? labelledFolder;
if (!isLabelled(folder)) {
  console.error(`${folder} is not there: nothing to compare with`);
  process.exit(2);
}

const names = namedLicenses(folder);
const known = names.filter(({ record }) => record !== null);
const wider = names.filter(({ isWider }) => isWider);
console.log(`Names of licenses: ${known.length} of ${names.length} stand for one license that Ajar knows`);
console.log(`  wider than their label: ${wider.length}`);
for (const { name, use, record } of wider) console.log(`    ${name}: label ${use}, ours ${record?.id} (${record?.kind})`);

const sets = labelledSets(folder);
const judged = sets.filter(({ agrees }) => agrees !== null);
console.log(
  `\nData sets: ${judged.filter(({ agrees }) => agrees).length} of ${judged.length} that the catalogue has agree, of ${sets.length}`,
);
for (const { set, labels, ours, agrees } of sets)
  console.log(
    `  ${agrees === null ? "-" : agrees ? "=" : "x"} ${set}: ${labels.join(", ")}${ours.length === 0 ? "" : `; ours ${ours.join(", ")}`}`,
  );

console.log(
  "\n| Croissant | version | license | files | columns | missing | says what is personal |\n| --- | --- | --- | --- | --- | --- | --- |",
);
const metadata = labelledMetadata(folder);
for (const { file, version, license, files, columns, missing, saysSensitive } of metadata)
  console.log(`| ${[file, version, license, files, columns, missing.join(", ") || "-", saysSensitive ? "yes" : "no"].join(" | ")} |`);
if (wider.length > 0 || judged.some(({ agrees }) => !agrees) || metadata.some(({ wanted, version }) => wanted !== version))
  process.exitCode = 1;
