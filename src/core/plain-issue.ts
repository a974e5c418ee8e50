/** What a schema's checker tells of a value that is wrong: the parts that are asked for here. */
interface Issue {
  readonly code?: string | undefined;
  readonly input?: unknown;
  readonly keys?: unknown;
  readonly expected?: unknown;
  readonly origin?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly inclusive?: unknown;
  readonly values?: unknown;
}

/** Units of a wrong word up to which it is repeated. */
const MAX_SHOWN = 60;

/** What is wrong, in plain words that can be translated; undefined where the schema itself says it. */
export function plainIssue(issue: Issue): string | undefined {
  const { code, input, keys } = issue;
  if (code === "unrecognized_keys" && Array.isArray(keys)) return `there is no key ${String(keys[0])}`;
  if (code === "custom") return undefined;
  if (input === undefined) return "is missing";
  return SENTENCES[code ?? ""]?.(issue) ?? "not what is expected here";
}

const SENTENCES: Readonly<Record<string, (issue: Issue) => string | undefined>> = {
  invalid_type: ({ expected }) => KINDS[String(expected)],
  too_small: (issue) => bound(issue.minimum, issue, "least"),
  too_big: (issue) => bound(issue.maximum, issue, "most"),
  invalid_value: ({ values, input }) => {
    if (!Array.isArray(values)) return undefined;
    const only = `taken is only: ${values.map(String).join(", ")}`;
    return typeof input === "string" && input.length <= MAX_SHOWN ? `${JSON.stringify(input)} is not known here; ${only}` : only;
  },
  invalid_format: () => "not written as it has to be",
};

const KINDS: Readonly<Record<string, string>> = {
  number: "a number is wanted here",
  int: "a whole number is wanted here",
  string: "text is wanted here",
  boolean: "true or false is wanted here",
  array: "a list is wanted here",
  object: "keys with values are wanted here",
  record: "keys with values are wanted here",
};

function bound(limit: unknown, { origin, inclusive }: Issue, side: "least" | "most"): string {
  const what = UNITS[String(origin)] ?? "";
  if (inclusive === false) return side === "least" ? `has to be more than ${limit}` : `has to be less than ${limit}`;
  return `has to be at ${side} ${limit}${what}`;
}

const UNITS: Readonly<Record<string, string>> = { string: " characters long", array: " entries long" };
