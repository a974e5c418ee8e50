// Judges a chat template by its tokens (JJ01 to JJ03). Honest ones loop over messages and tools and print markup.
import type { SafetyHit } from "../../core/scan.ts";
import { loadRules } from "../../rules/load.ts";
import { type HitDetails, hitOf } from "../rules.ts";
import { foldedStrings } from "./fold.ts";
import { type Token, tokenize } from "./tokens.ts";

/** Where the template is in its file; offsets of hits are those of the whole template, which its escapes may have moved. */
export interface TemplatePlace {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

interface JinjaLists {
  readonly attributes: ReadonlySet<string>;
  readonly objects: ReadonlySet<string>;
  readonly probes: ReadonlySet<string>;
  readonly phrases: RegExp;
}

/** Larger templates are looked at, and said to be large. */
const LARGE_BYTES = 64 * 1024;
const MANY_ROUNDS = 10_000;
const MAX_DEPTH = 6;
const MAX_HITS = 10;
/** What is kept of the gravest kind, of which one would do. */
const MAX_GRAVE = 1000;
/** Tokens of a call's arguments that are looked at. */
const MAX_ARGUMENTS = 400;
/** Zero-width, joining and direction marks, tags: invisible in any editor (Unicode general category Cf). The joiners shape scripts. */
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;
const URL = /\bhttps?:\/\/[^\s'"<>{}]{4,}/iu;
let known: JinjaLists | undefined;

function lists(): JinjaLists {
  const data = Object(loadRules("safety").get("jinja"));
  known ??= {
    attributes: new Set(data["attributes"]),
    objects: new Set(data["objects"]),
    probes: new Set(data["probes"]),
    phrases: new RegExp(Array.from<unknown, string>(data["phrases"], String).join("|"), "iu"),
  };
  return known;
}

/** What a template reaches for, hides or wastes. */
export function judgeTemplate(source: string, place: TemplatePlace): readonly SafetyHit[] {
  const hits = new Map<string, SafetyHit>();
  const add = (rule: string, variant: string, quote: string, more: Partial<HitDetails> = {}): void => {
    const { start, end, name } = place;
    const args = { template: name, words: quote.slice(0, 120) };
    const key = `${rule} ${variant} ${quote}`;
    if (hits.size < (rule === "JJ01" ? MAX_GRAVE : MAX_HITS)) hits.set(key, hitOf(rule, { start, end, variant, args, quote, ...more }));
  };
  const { list, stopped } = tokenize(source);
  accesses(list, add);
  for (const folded of foldedStrings(list)) if (isForbidden(folded)) add("JJ01", "built", folded);
  hiddenText(source, list, add);
  branches(list, add);
  waste(source, list, add);
  if (stopped !== null) add("JJ03", "odd", source.slice(stopped, stopped + 60));
  return [...hits.values()].slice(0, MAX_HITS * 2);
}

type Add = (rule: string, variant: string, quote: string, more?: Partial<HitDetails>) => void;

/** `_` alone and in front of a word is common; two of them are Python's own. */
function isForbidden(name: string): boolean {
  return /^__\w+/u.test(name) || lists().attributes.has(name);
}

function accesses(list: readonly Token[], add: Add): void {
  for (const [index, token] of list.entries()) {
    if (token.kind === "name") nameAccess(list, index, token.value, add);
    const isSubscript = token.kind === "string" && isOperator(list[index - 1], "[");
    if (isSubscript && isForbidden(token.value)) add("JJ01", "subscript", token.value);
  }
}

function nameAccess(list: readonly Token[], index: number, name: string, add: Add): void {
  const before = list[index - 1];
  if (isOperator(before, ".") && isForbidden(name)) add("JJ01", "attribute", name);
  if (isOperator(before, "|") && name === "attr") attrFilter(list, index, add);
  if (isOperator(before, "|") && name === "map") mapFilter(list, index, add);
  if (lists().objects.has(name) && isReach(list, index)) add("JJ01", "object", name);
  if (name === "getattr" && isOperator(list[index + 1], "(")) add("JJ01", "attribute", name);
}

function isOperator(token: Token | undefined, value: string): boolean {
  return token?.kind === "operator" && token.value === value;
}

/** A name of Jinja's own that is not itself an attribute or a keyword argument, and something taken from it. */
function isReach(list: readonly Token[], index: number): boolean {
  const next = list[index + 1];
  return !isOperator(list[index - 1], ".") && (isOperator(next, ".") || isOperator(next, "["));
}

/** `|attr(name)` is how the dot is written to keep it from being seen. */
function attrFilter(list: readonly Token[], index: number, add: Add): void {
  const argument = list[index + 2];
  const isPlain = isOperator(list[index + 1], "(") && argument?.kind === "string" && isOperator(list[index + 3], ")");
  if (!isPlain) add("JJ01", "computed", "attr");
  else if (isForbidden(argument.value)) add("JJ01", "attribute", argument.value);
}

/** `|map(attribute="…")` takes a path of attributes. */
function mapFilter(list: readonly Token[], index: number, add: Add): void {
  const isNamed = isOperator(list[index + 1], "(") && list[index + 2]?.kind === "name" && list[index + 2]?.value === "attribute";
  const value = isNamed ? list[index + 4] : undefined;
  if (value?.kind === "string" && value.value.split(".").some(isForbidden)) add("JJ01", "attribute", value.value);
}

/** What a reader of the template would not see, or is not told. */
function hiddenText(source: string, list: readonly Token[], add: Add): void {
  const invisible = INVISIBLE.exec(source);
  if (invisible !== null) add("JJ02", "invisible", `U+${(invisible[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`);
  for (const token of list) {
    if (token.kind !== "text" && token.kind !== "string") continue;
    const phrase = lists().phrases.exec(token.value);
    if (phrase !== null) add("JJ02", "phrase", phrase[0]);
    const url = URL.exec(token.value);
    // Some makers name themselves with their address; where it leads is for a person to judge.
    if (url !== null) add("JJ02", "url", url[0], { severity: "medium" });
  }
}

/** Branches on what the user wrote, or on the day: how a template waits for its moment. */
function branches(list: readonly Token[], add: Add): void {
  for (let index = 0; index < list.length; index += 1) {
    const keyword = list[index + 1];
    if (list[index]?.kind !== "open" || keyword?.kind !== "name" || (keyword.value !== "if" && keyword.value !== "elif")) continue;
    let end = index + 2;
    while (end < list.length && list[end]?.kind !== "close") end += 1;
    const condition = list.slice(index + 2, end);
    const word = condition.find((token, at) => token.kind === "string" && isUserWord(condition, at));
    if (word !== undefined) add("JJ02", "user-word", word.value);
    if (condition.some(({ value }) => value === "strftime_now") && condition.some(isComparison)) add("JJ02", "date", "strftime_now");
  }
}

function isComparison({ kind, value }: Token): boolean {
  return kind === "operator" && ["==", "!=", "<", ">", "<=", ">="].includes(value);
}

/** `"word" in message.content`: a word of natural language looked for in what was said. */
function isUserWord(condition: readonly Token[], at: number): boolean {
  const text = condition[at]?.value.trim().toLowerCase() ?? "";
  if (!/^[\p{L}][\p{L}\s'’-]{2,}$/u.test(text) || lists().probes.has(text) || /^\p{Lu}+$/u.test(condition[at]?.value ?? "")) return false;
  const next = condition[at + 1];
  if (next?.kind !== "name" || next.value !== "in") return false;
  const rest = condition.slice(at + 2, at + 12);
  const names = rest.filter(({ kind }) => kind === "name" || kind === "string").map(({ value }) => value.toLowerCase());
  return names.some((name) => /content|message|prompt|query|user|lower/u.test(name));
}

function waste(source: string, list: readonly Token[], add: Add): void {
  const bytes = Buffer.byteLength(source);
  if (bytes > LARGE_BYTES) add("JJ03", "large", String(bytes), { args: { template: "", words: "", bytes } });
  let depth = 0;
  for (const [index, token] of list.entries()) {
    if (token.kind !== "name") continue;
    if (token.value === "range" && isOperator(list[index + 1], "(")) rangeOf(list, index, add);
    if (list[index - 1]?.kind !== "open") continue;
    if (token.value === "for") depth += 1;
    else if (token.value === "endfor") depth -= 1;
    if (depth > MAX_DEPTH) add("JJ03", "deep", "for");
  }
  const isRecursive = list.some(({ kind, value }, index) => kind === "name" && value === "recursive" && list[index + 1]?.kind === "close");
  if (isRecursive) add("JJ03", "recursive", "recursive");
}

function rangeOf(list: readonly Token[], index: number, add: Add): void {
  const last = Math.min(list.length, index + MAX_ARGUMENTS);
  for (let at = index + 2; at < last && !isOperator(list[at], ")"); at += 1) {
    const token = list[at];
    const count = token?.kind === "number" ? Number(token.value.replaceAll("_", "")) : 0;
    const isPower = isOperator(token, "**");
    if (count > MANY_ROUNDS || isPower) add("JJ03", "range", token?.value ?? "");
  }
}
