// Writes the hashes of a list of terms into a rule, so that the rule can be shared and the list need not be read.
//   node scripts/derive-terms.ts LIST NAME      LIST: one term a line, lower case; NAME: a rule of rules/patterns/spam
// A list is chosen by whoever keeps it: terms that name nothing but sexual acts and services, in one word of Latin letters or
// two to four Han characters; no terms for people, bodies, health or identity.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashTerm } from "../src/patterns/measures/terms.ts";
import { packageRoot } from "../src/rules/load.ts";

const [list = "", name = ""] = process.argv.slice(2);
const terms = readFileSync(list, "utf8")
  .split("\n")
  .map((line) => line.trim().toLowerCase());
const hashes = [...new Set(terms.filter((term) => /^(?:[a-z]{3,20}|[\u3400-\u9fff]{2,4})$/u.test(term)).map(hashTerm))].sort();
const path = join(packageRoot, "rules", "patterns", "spam", `${name}.yaml`);
const rule = readFileSync(path, "utf8").replace(/terms: \[[^\]]*\]/u, () => `terms: [${hashes.map((hash) => `'${hash}'`).join(", ")}]`);
writeFileSync(path, rule);
console.log(`${hashes.length} hashes in ${path}`);
