// From the file of a record, which says each condition once, by name, to the record that others read.
import type { TermsRecord } from "../../core/terms.ts";

/** A file of rules/terms as written; scripts/terms-schema.ts holds its shape. */
export type TermsFile = Readonly<Record<string, unknown>>;

type Fields = Readonly<Record<string, unknown>>;

/** Who keeps the lists that answers rest on when a record names no other source. */
const LISTS: Readonly<Record<string, string>> = {
  osi: "https://opensource.org/licenses",
  openData: "https://opendefinition.org/licenses/",
  openContent: "https://opendefinition.org/licenses/",
};

export function expandTerms(file: TermsFile): TermsRecord {
  const { conditions, uses, duties, flow, standing, ...rest } = file;
  const named = each(conditions, withClause);
  const conditionsOf = (names: unknown): readonly unknown[] => list(names).map((name) => named[String(name)]);
  const expanded = {
    annexes: [],
    ...rest,
    uses: each(uses, (use) => ({ ...withAnswer(use, "permission"), conditions: conditionsOf(fields(use)["conditions"]) })),
    duties: list(duties).map((duty) => {
      const above = conditionsOf(fields(duty)["above"]);
      return above.length === 0 ? withClause(duty) : { ...withClause(duty), above };
    }),
    flow: each(flow, (term) => withAnswer(term, "flow")),
    standing: each(standing, (term, topic) =>
      Array.isArray(term) ? term.map((one) => withAnswer(one, "answer")) : { ...listOf(topic, term), ...withAnswer(term, "answer") },
    ),
  };
  // The shape is checked when the rules are packed, and by a test over the whole folder.
  return expanded as unknown as TermsRecord;
}

function listOf(topic: string, term: unknown): Fields {
  const source = LISTS[topic];
  return source === undefined || term === "unknown" ? {} : { source };
}

/** A bare word is an answer that no clause stands behind: `unknown`, `silent`. */
function withAnswer(term: unknown, key: string): Fields {
  return withClause(typeof term === "string" ? { [key]: term } : term);
}

function withClause(term: unknown): Fields {
  return { clause: "", summary: "", ...fields(term) };
}

function each(topics: unknown, expand: (term: unknown, topic: string) => unknown): Fields {
  return Object.fromEntries(Object.entries(fields(topics)).map(([topic, term]) => [topic, expand(term, topic)]));
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
