// A YAML file with somebody's judgements: parsed with limits, positions kept, every complaint with its line.
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { AjarError } from "../core/errors.ts";

/** The longest record known is 21 kB. */
export const MAX_CLAIMS_BYTES = 512 * 1024;
/** Nesting of brackets and indentation; records use five levels. Keeps the parser off the end of the stack. */
const MAX_DEPTH = 64;

export interface Lines {
  readonly start: number;
  readonly end: number;
}

/** Plain data of the file with the lines it came from. */
export interface ClaimsYaml {
  readonly data: Readonly<Record<string, unknown>>;
  /** Lines of the entry (key and value) at a path; the nearest existing parent's when the path does not exist. */
  linesOf(path: readonly (string | number)[]): Lines;
  /** @throws AjarError BAD_CLAIMS_FILE with the line of `path` */
  fail(path: readonly (string | number)[], problem: string): never;
}

/** Parses a record. @throws AjarError BAD_CLAIMS_FILE when it is too large, not YAML, or uses aliases */
export function parseClaimsYaml(text: string, subject: string): ClaimsYaml {
  const refuse = (line: number | null, problem: string, cause?: unknown): never => {
    const place = line === null ? subject : `${subject} line ${line}`;
    throw new AjarError("BAD_CLAIMS_FILE", `${place}: ${problem}`, {
      subject,
      hint: "Ajar reads records of the Model Openness Tool (mot:) and of the European Open Source AI Index (osaii:).",
      cause,
    });
  };
  if (text.length > MAX_CLAIMS_BYTES) return refuse(null, `more than ${MAX_CLAIMS_BYTES} bytes`);
  const deepLine = tooDeepAt(text);
  if (deepLine !== null) return refuse(deepLine, `nested deeper than ${MAX_DEPTH} levels`);
  const lines = new LineCounter();
  const document = parseOrNull(text, lines, refuse);
  const [error] = document.errors;
  if (error !== undefined) return refuse(lines.linePos(error.pos[0]).line, "not valid YAML");
  const data = toPlain(document, refuse);
  if (typeof data !== "object" || data === null || Array.isArray(data)) return refuse(1, "not a mapping");
  const lineOf = (offset: number): number => Math.max(1, lines.linePos(Math.min(offset, text.length)).line);
  const linesOf = (path: readonly (string | number)[]): Lines => {
    const range = rangeAt(document.contents, path);
    if (range === null) return { start: 1, end: 1 };
    const start = lineOf(range[0]);
    return { start, end: Math.max(start, lineOf(Math.max(range[0], range[1] - 1))) };
  };
  return {
    data: Object.fromEntries(Object.entries(data)),
    linesOf,
    fail: (path, problem) => refuse(linesOf(path).start, problem),
  };
}

type Refuse = (line: number | null, problem: string, cause?: unknown) => never;
type YamlDocument = ReturnType<typeof parseDocument>;

function parseOrNull(text: string, lineCounter: LineCounter, refuse: Refuse): YamlDocument {
  try {
    return parseDocument(text, { lineCounter, logLevel: "silent", schema: "core", uniqueKeys: true });
  } catch (cause) {
    return refuse(null, "not readable as YAML", cause);
  }
}

/** Aliases are refused outright: no record needs one, and nested ones grow without bound. */
function toPlain(document: YamlDocument, refuse: Refuse): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    return refuse(null, "uses YAML aliases, which are not read", cause);
  }
}

/** Line where brackets or indentation nest too deep, or null. Counts brackets in texts too: records hold few. */
function tooDeepAt(text: string): number | null {
  let depth = 0;
  for (const [index, line] of text.split("\n").entries()) {
    // `- - - x` and `? ? x` nest one level a mark, all on one line.
    const marks = /^[-?: ]*/u.exec(line)?.[0].replaceAll(" ", "").length ?? 0;
    const deepest = deepestBracket(line, depth);
    if (marks > MAX_DEPTH || deepest.most > MAX_DEPTH) return index + 1;
    depth = deepest.end;
  }
  return null;
}

function deepestBracket(line: string, from: number): { readonly most: number; readonly end: number } {
  let depth = from;
  let most = from;
  for (const character of line) {
    if (character === "[" || character === "{") depth += 1;
    if ((character === "]" || character === "}") && depth > 0) depth -= 1;
    most = Math.max(most, depth);
  }
  return { most, end: depth };
}

/** Offsets of the entry at a path: from its key to the end of its value. */
function rangeAt(root: unknown, path: readonly (string | number)[]): readonly [number, number] | null {
  let node: unknown = root;
  let range = nodeRange(root);
  for (const step of path) {
    const next = entryAt(node, step);
    if (next === null) return range;
    node = next.value;
    range = next.range ?? range;
  }
  return range;
}

interface Entry {
  readonly value: unknown;
  readonly range: readonly [number, number] | null;
}

function entryAt(node: unknown, step: string | number): Entry | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
    if (pair === undefined) return null;
    const key = nodeRange(pair.key);
    const value = nodeRange(pair.value);
    return { value: pair.value, range: key === null ? value : [key[0], Math.max(key[1], value?.[1] ?? 0)] };
  }
  if (!isSeq(node) || typeof step !== "number") return null;
  const item: unknown = node.items[step];
  return item === undefined ? null : { value: item, range: nodeRange(item) };
}

function nodeRange(node: unknown): readonly [number, number] | null {
  const range = isNode(node) ? node.range : undefined;
  return range === null || range === undefined ? null : [range[0], range[1]];
}
