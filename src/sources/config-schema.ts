import { type Document, isMap, isScalar, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { AjarError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { ConfigValue } from "./config.ts";
import type { NamedTargets } from "./parts.ts";
import { shownInMessage } from "./paths.ts";

/** As many targets as anyone has parts; each one is an audit of its own. */
const MAX_TARGETS = 64;
/** YAML aliases can multiply a small file into a huge one. */
const MAX_ALIASES = 16;

const word = z.string().min(1).max(4096);
const words = z.union([word.transform((value) => [value]), z.array(word).max(MAX_TARGETS)]);
/** `500M`, `2G` or a number of bytes, as on the command line. */
const size = z.union([z.int().positive(), z.string().regex(/^\d{1,15}[kmgtKMGT]?(?:i?[bB])?$/u)]);

/** One key for each flag of `ajar audit`, of the same name. What a value may be beyond its type is checked where flags are. */
const schema = z.strictObject({
  target: word.optional(),
  code: words.optional(),
  data: words.optional(),
  docs: words.optional(),
  weights: words.optional(),
  include: words.optional(),
  exclude: words.optional(),
  parent: words.optional(),
  follow: z.boolean().optional(),
  rev: word.optional(),
  standard: words.optional(),
  "accept-claims": z.boolean().optional(),
  "fail-on": word.optional(),
  baseline: word.optional(),
  "ignore-file": word.optional(),
  "show-suppressed": z.boolean().optional(),
  "as-of": word.optional(),
  format: word.optional(),
  output: words.optional(),
  offline: z.boolean().optional(),
  "max-bytes": size.optional(),
  "max-archive-depth": z.int().nonnegative().optional(),
  timeout: z.int().positive().optional(),
  lang: word.optional(),
  verbose: z.boolean().optional(),
  quiet: z.boolean().optional(),
  color: z.boolean().optional(),
  progress: z.boolean().optional(),
});

export interface ParsedConfig {
  readonly targets: NamedTargets;
  readonly settings: ReadonlyMap<string, ConfigValue>;
  /** Line of a setting, counted from 1. */
  readonly lineOf: (setting: string) => number;
}

/** Parses the text of a configuration file. @throws AjarError BAD_CONFIG naming file and line */
export function parseConfig(text: string, shown: string): ParsedConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [problem] = document.errors;
  if (problem !== undefined) throw bad(shown, lines.linePos(problem.pos[0]).line, firstLine(problem.message));
  const checked = schema.safeParse(contentOf(document, shown));
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(document, lines, path);
  if (!checked.success) throw schemaError(checked.error, shown, lineOf);
  const { target, code, data, docs, weights, ...rest } = checked.data;
  const settings = new Map<string, ConfigValue>();
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) settings.set(name, value);
  return { targets: { target, code, data, docs, weights }, settings, lineOf: (setting) => lineOf([setting]) };
}

/** An empty file says nothing, which is allowed. */
function contentOf(document: Document, shown: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch (cause) {
    throw bad(shown, 1, cause instanceof Error ? firstLine(cause.message) : "not readable");
  }
}

function schemaError(error: z.ZodError, shown: string, lineOf: (path: readonly PropertyKey[]) => number): AjarError {
  const [issue] = error.issues;
  if (issue === undefined) throw error;
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    const near = nearest(key, Object.keys(schema.shape));
    const hint = near === null ? `Known keys: ${Object.keys(schema.shape).join(", ")}.` : `Did you mean ${near}?`;
    return bad(shown, lineOf([key]), `${shownInMessage(key)} is not a key`, hint);
  }
  const name = issue.path.map(String).join(".");
  const expected = issue.code === "invalid_union" ? "text or a list of text" : firstLine(issue.message);
  return bad(shown, lineOf(issue.path), `${name === "" ? "the file" : shownInMessage(name)}: ${expected}`);
}

/** Line of the key that a path ends in, or of the nearest thing above it. */
function lineAt(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  const [first] = path;
  if (!isMap(document.contents)) return 1;
  const pair = document.contents.items.find(({ key }) => isScalar(key) && key.value === first);
  const start = pair !== undefined && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
  return start === undefined ? 1 : lines.linePos(start).line;
}

function firstLine(message: string): string {
  return shownInMessage(message.split("\n")[0] ?? "");
}

function bad(shown: string, line: number, problem: string, hint = "docs/sources.md lists the keys and their values."): AjarError {
  return new AjarError("BAD_CONFIG", `${shown}:${line}: ${problem}`, { subject: `${shown}:${line}`, hint });
}
