import { createRequire } from "node:module";
import type { Alias, Document as YamlDocument } from "yaml";
import { LineIndex } from "../core/text.ts";
import type { FrontMatter } from "./document.ts";
import { MAX_FRONT_MATTER_CHARS, MAX_YAML_ALIASES, MAX_YAML_DEPTH } from "./limits.ts";

/** Where a text's front matter ends and what was in it. */
export interface SplitText {
  readonly frontMatter: FrontMatter | null;
  /** Lines before the body, fences included; 0 when the text has no front matter block. */
  readonly bodyLine: number;
  /** Text between the fences when it is meant as YAML but cannot be read as such. */
  readonly unreadable: string | null;
}

/** The parser is loaded when the first front matter is met: most documents have none, and it costs more than they do. */
function yamlLibrary(): typeof import("yaml") {
  return createRequire(import.meta.url)("yaml") as typeof import("yaml");
}

const NONE: SplitText = { frontMatter: null, bodyLine: 0, unreadable: null };

type Lines = { readonly start: number; readonly end: number };
type Key = string | number;

/** Splits off YAML between `---` lines at the top of a text. Never throws: what is not YAML stays text. */
export function splitFrontMatter(text: string): SplitText {
  const open = /^\uFEFF?---[ \t]*\r?\n/u.exec(text.slice(0, 64));
  if (open === null) return NONE;
  const start = open[0].length;
  const close = closingFence(text, start);
  if (close === null) return NONE;
  const yaml = text.slice(start, close.start);
  const bodyLine = countNewlines(text, close.end) + (text[close.end - 1] === "\n" ? 0 : 1);
  const meant = /^(?:\s*#[^\n]*\n|\s*\n)*["']?[\w-]{1,64}["']?[ \t]*:/u.test(yaml.slice(0, 4096));
  if (!meant) return NONE;
  // The opening fence is line 1.
  const map = yaml.length > MAX_FRONT_MATTER_CHARS ? null : readYamlMap(yaml, 1);
  const frontMatter = map === null ? null : { ...map, startLine: 1, endLine: bodyLine };
  return { frontMatter, bodyLine, unreadable: frontMatter === null ? yaml : null };
}

function closingFence(text: string, from: number): { readonly start: number; readonly end: number } | null {
  for (let at = from; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline + 1;
    if (end - at < 64 && /^(?:---|\.\.\.)[ \t]*\r?\n?$/u.test(text.slice(at, end))) return { start: at, end };
    at = end;
  }
  return null;
}

function countNewlines(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** A YAML map inside a text, with lines of the text. */
export type YamlMap = FrontMatter;

/**
 * Reads YAML that strangers wrote; null for what is no map, has errors, or was made to exhaust the reader.
 * @param before lines of the text before the YAML
 */
export function readYamlMap(yaml: string, before: number): YamlMap | null {
  if (tooDeep(yaml)) return null;
  const { isMap, parseDocument } = yamlLibrary();
  try {
    const document = parseDocument(yaml, { uniqueKeys: false, prettyErrors: false, logLevel: "silent", stringKeys: false });
    if (document.errors.length > 0 || !isMap(document.contents)) return null;
    const plain: unknown = document.toJS({ maxAliasCount: MAX_YAML_ALIASES });
    if (typeof plain !== "object" || plain === null) return null;
    // A prototype-free object: a key named `__proto__` is then a key like any other.
    const data: Record<string, unknown> = Object.assign(Object.create(null), plain);
    const index = new LineIndex(yaml);
    const shifted = (path: readonly Key[]): Lines | null => {
      const lines = linesOf(document, index, yaml, path);
      return lines === null ? null : { start: lines.start + before, end: lines.end + before };
    };
    return { data, startLine: before + 1, endLine: before + index.lineAt(yaml.length), linesOf: shifted };
  } catch {
    // Alias bombs and nesting past the stack both end here: the text is kept, its meaning is not known.
    return null;
  }
}

/** Flow brackets and indentation bound the depth of a YAML text from above, without parsing it. */
function tooDeep(yaml: string): boolean {
  let depth = 0;
  for (let at = 0; at < yaml.length; at += 1) {
    const code = yaml.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
    if (depth > MAX_YAML_DEPTH) return true;
  }
  return /^(?:[ ]{0,512}(?:[-?][ ]){65}|[ ]{513})/mu.test(yaml);
}

function linesOf(document: YamlDocument, index: LineIndex, yaml: string, path: readonly Key[]): Lines | null {
  const { isAlias } = yamlLibrary();
  let node: unknown = document.contents;
  let from = 0;
  for (const key of path) {
    if (isAlias(node)) node = (node as Alias).resolve(document);
    const step = descend(node, key);
    if (step === null) return null;
    from = step.from;
    node = step.node;
  }
  const range = rangeOf(node);
  let end = range === null ? from : range[1];
  while (end > from && /\s/u.test(yaml[end - 1] ?? "x")) end -= 1;
  return { start: index.lineAt(from), end: index.lineAt(Math.max(from, end - 1)) };
}

function descend(node: unknown, key: Key): { readonly node: unknown; readonly from: number } | null {
  const { isMap, isPair, isSeq } = yamlLibrary();
  if (isSeq(node) && typeof key === "number") {
    const item: unknown = node.items[key];
    const range = rangeOf(item);
    return range === null ? null : { node: item, from: range[0] };
  }
  if (!isMap(node)) return null;
  // Later duplicates win, as in the data.
  const pair = node.items.findLast((item) => isPair(item) && String(item.key) === String(key));
  if (pair === undefined) return null;
  const range = rangeOf(pair.key);
  return range === null ? null : { node: pair.value, from: range[0] };
}

function rangeOf(node: unknown): readonly [number, number] | null {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return null;
  const [start, end]: unknown[] = node.range;
  return typeof start === "number" && typeof end === "number" ? [start, end] : null;
}
