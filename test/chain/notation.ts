// Chains in one line: `finetune Llama-3.1 < distilled MIT + dataset CC-BY-4.0` is what a release under some license comes from.
import { type ChainEdge, type ChainNode, RELATIONS, type Relation, type ReleaseChain } from "../../src/core/chain.ts";
import { termsOf } from "../../src/licenses/terms/terms.ts";

/** Short names of cases for license ids. */
const SHORT: Readonly<Record<string, string>> = {
  "Llama-2": "LicenseRef-Llama-2-Community",
  "Llama-3": "LicenseRef-Llama-3-Community",
  "Llama-3.1": "LicenseRef-Llama-3.1-Community",
  "Llama-3.2": "LicenseRef-Llama-3.2-Community",
  "Llama-3.3": "LicenseRef-Llama-3.3-Community",
  "Llama-4": "LicenseRef-Llama-4-Community",
  "OpenRAIL-M": "LicenseRef-CreativeML-OpenRAIL-M",
  "OpenRAIL++-M": "LicenseRef-OpenRAIL-PlusPlus-M",
  "BLOOM-RAIL": "LicenseRef-BigScience-BLOOM-RAIL-1.0",
};

/** The id of a short name, with or without `LicenseRef-`; `unknown` stays a license that nobody has read. */
export function licenseId(short: string): string {
  const named = SHORT[short] ?? short;
  if (termsOf(named) !== null) return named;
  const id = `LicenseRef-${named}`;
  if (termsOf(id) !== null) return id;
  if (short !== "unknown") throw new Error(`no terms of ${short}`);
  return short;
}

/** @param own licenses of the release, joined by `&`; @param from its parents, joined by ` + `, each with its own after ` < ` */
export function chainFrom(own: string, from: string): ReleaseChain {
  const nodes: ChainNode[] = [];
  const edges: ChainEdge[] = [];
  const add = (licenses: string): string => {
    const id = `n${nodes.length + 1}`;
    nodes.push({ id, licenses: licenses.split("&").map((license) => licenseId(license.trim())) });
    return id;
  };
  for (const parent of from.split(" + ")) {
    let child = "release";
    for (const step of parent.split(" < ")) {
      const [word = "", licenses = ""] = step.trim().split(/ (.*)/su);
      const id = add(licenses);
      edges.push({ child, parent: id, relation: relationOf(word) });
      child = id;
    }
  }
  return { nodes: [{ id: "release", licenses: own.split("&").map((license) => licenseId(license.trim())) }, ...nodes], edges };
}

function relationOf(word: string): Relation {
  const relation = RELATIONS.find((known) => known === word);
  if (relation === undefined) throw new Error(`${word} is no relation`);
  return relation;
}
