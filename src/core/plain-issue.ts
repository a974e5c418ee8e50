/** What a schema's checker tells of a value that is wrong: the parts that are asked for here. */
interface Issue {
  readonly code?: string | undefined;
  readonly input?: unknown;
  readonly keys?: unknown;
}

/** What is wrong, in plain words; undefined where the checker's own are plain enough. */
export function plainIssue({ code, input, keys }: Issue): string | undefined {
  if (code === "unrecognized_keys" && Array.isArray(keys)) return `there is no key ${String(keys[0])}`;
  return input === undefined && code !== "custom" ? "is missing" : undefined;
}
