// Where a clause, or the statement of its license, stands in the release.
import type { TermOrigin } from "../core/chain.ts";
import type { Report } from "../core/report.ts";
import type { Cited } from "../core/use.ts";

/** Places kept for one clause. */
const MAX_PLACES = 4;

/** Finds the evidence of terms; ids are those of the report. */
export class Places {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  cite(origin: TermOrigin): Cited {
    const { license, clause, summary, reach, path } = origin;
    const evidence = [...new Set(this.#evidence(origin))].slice(0, MAX_PLACES);
    return { license, clause, ...(origin.in === undefined ? {} : { in: origin.in }), summary, reach, path, evidence };
  }

  #evidence({ license, clause, path }: TermOrigin): readonly string[] {
    const [step] = path;
    if (step === undefined) return this.#ofLicense(license, clause);
    // The parent's text lies elsewhere; what the release itself shows is that it names this parent.
    const { nodes, edges } = this.#report.chain;
    const named = edges.filter(({ child, parent }) => child === nodes[0]?.id && parent === step.node).flatMap(({ evidence }) => evidence);
    const stated = nodes.find(({ id }) => id === path.at(-1)?.node)?.evidence ?? [];
    return [...named, ...stated];
  }

  /** The clause itself where the text was read; else the text, else whatever names the license. */
  #ofLicense(id: string, clause: string): readonly string[] {
    const own = this.#report.licenses.filter((license) => license.id === id && license.thirdParty !== true);
    const texts = own.filter(({ statement }) => statement === "text");
    const clauses = texts.flatMap(({ restrictions = [] }) => restrictions.filter((one) => one.clause === clause && clause !== ""));
    if (clauses.length > 0) return clauses.flatMap(({ evidence }) => evidence);
    const stated = texts.length > 0 ? texts : own;
    // Of a text that nobody knows, the sentences that limit use are what a person must read first.
    const limits = clause === "" ? stated.flatMap(({ restrictions = [] }) => restrictions.flatMap(({ evidence }) => evidence)) : [];
    return [...limits, ...stated.flatMap(({ evidence }) => evidence)];
  }
}
