// Judges Python by what it calls (RP02), by its tokens: words in comments and texts do not count.
import type { SafetyHit } from "../../core/scan.ts";
import { loadRules } from "../../rules/load.ts";
import { hitOf } from "../rules.ts";
import { type PythonToken, tokenizePython } from "./tokens.ts";

interface PythonLists {
  readonly run: ReadonlySet<string>;
  readonly decode: ReadonlySet<string>;
  readonly fetch: ReadonlySet<string>;
  readonly process: ReadonlySet<string>;
  readonly socket: ReadonlySet<string>;
  readonly automatic: ReadonlySet<string>;
}

/** Tokens of a module's name. */
const MAX_MODULE = 40;
/** Tokens of a call's arguments that are looked at. */
const MAX_ARGUMENTS = 400;
const MAX_HITS = 20;
let known: PythonLists | undefined;

function lists(): PythonLists {
  const data = Object(loadRules("safety").get("python"));
  const set = (key: string): ReadonlySet<string> => new Set(data[key]);
  known ??= {
    run: set("run"),
    decode: set("decode"),
    fetch: set("fetch"),
    process: set("process"),
    socket: set("socket"),
    automatic: set("automatic"),
  };
  return known;
}

/** Whether a file runs by itself: when it is installed, or when a server finds it. */
function runsByItself(path: string): boolean {
  return lists().automatic.has(path.slice(path.lastIndexOf("/") + 1));
}

/** Hits over the source of one file; offsets are bytes when the source is ASCII, else characters. */
export function judgePython(source: string, path: string): readonly SafetyHit[] {
  const tokens = tokenizePython(source);
  const aliases = aliasesOf(tokens);
  const meanings = meaningsOf(tokens, aliases);
  const isAutomatic = runsByItself(path);
  const hits: SafetyHit[] = [];
  for (let index = 0; index < tokens.length && hits.length < MAX_HITS; index += 1) {
    const called = calledAt(tokens, index, aliases);
    if (called === null) continue;
    const hit = judgeCall(called, meanings, isAutomatic);
    if (hit !== null) hits.push(hit);
  }
  return hits;
}

/** Name in the file -> dotted name that it stands for. */
type Aliases = ReadonlyMap<string, string>;

interface Called {
  readonly name: string;
  readonly at: number;
  /** Token behind the opening bracket. */
  readonly from: number;
}

/** A dotted name with an opening bracket behind it, that begins at this token. */
function calledAt(tokens: readonly PythonToken[], index: number, aliases: Aliases): Called | null {
  const before = tokens[index - 1];
  const first = tokens[index];
  if (first?.kind !== "name" || before?.value === "." || before?.value === "def" || before?.value === "class") return null;
  const parts = [aliases.get(first.value) ?? first.value];
  let at = index + 1;
  while (tokens[at]?.value === "." && tokens[at + 1]?.kind === "name") {
    parts.push(tokens[at + 1]?.value ?? "");
    at += 2;
  }
  return tokens[at]?.value === "(" ? { name: parts.join("."), at: first.at, from: at + 1 } : null;
}

/** `import os as o`, `from subprocess import run as r`: what a name stands for. */
function aliasesOf(tokens: readonly PythonToken[]): Aliases {
  const aliases = new Map<string, string>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "name" || (token.value !== "import" && token.value !== "from")) continue;
    if (token.value === "from") fromImport(tokens, index, aliases);
    else if (tokens[index + 2]?.value === "as") aliases.set(tokens[index + 3]?.value ?? "", tokens[index + 1]?.value ?? "");
  }
  return aliases;
}

function fromImport(tokens: readonly PythonToken[], index: number, aliases: Map<string, string>): void {
  const near = tokens.slice(index + 1, index + 1 + MAX_MODULE);
  const length = near.findIndex(({ value }) => value === "import");
  if (length === -1) return;
  const end = index + 1 + length;
  const module = near.slice(0, length).map(({ value }) => value);
  let at = tokens[end + 1]?.value === "(" ? end + 2 : end + 1;
  for (let count = 0; count < 50; count += 1) {
    const name = tokens[at];
    if (name?.kind !== "name") return;
    const isRenamed = tokens[at + 1]?.value === "as";
    aliases.set((isRenamed ? tokens[at + 2]?.value : undefined) ?? name.value, `${module.join("")}.${name.value}`);
    at += isRenamed ? 3 : 1;
    if (tokens[at]?.value !== ",") return;
    at += 1;
  }
}

function judgeCall({ name, at, from }: Called, meanings: Uint8Array, isAutomatic: boolean): SafetyHit | null {
  const { run, process, socket } = lists();
  const place = { start: at, end: at + name.length, args: { call: name }, quote: name };
  if (run.has(name)) {
    const variant = argumentsVariant(meanings, from);
    return variant === null ? null : hitOf("RP02", { ...place, variant, severity: "high" });
  }
  const severity = isAutomatic ? ("high" as const) : ("low" as const);
  if (process.has(name)) return hitOf("RP02", { ...place, variant: "process", severity });
  if (socket.has(name)) return hitOf("RP02", { ...place, variant: "socket", severity });
  return null;
}

const OPENS = 1;
const CLOSES = 2;
const DECODES = 3;
const FETCHES = 4;

/** What each token means among the arguments of a call: told once, as calls may lie in each other. */
function meaningsOf(tokens: readonly PythonToken[], aliases: Aliases): Uint8Array {
  const { decode, fetch } = lists();
  const meanings = new Uint8Array(tokens.length);
  for (const [index, { kind, value }] of tokens.entries()) {
    if (value === "(" || value === ")") meanings[index] = value === "(" ? OPENS : CLOSES;
    if (kind !== "name") continue;
    const names = (aliases.get(value) ?? value).split(".");
    if (names.some((name) => decode.has(name))) meanings[index] = DECODES;
    else if (names.some((name) => fetch.has(name))) meanings[index] = FETCHES;
  }
  return meanings;
}

/** What a call that runs text is given: something decoded, something fetched, or neither. */
function argumentsVariant(meanings: Uint8Array, from: number): "decoded" | "fetched" | null {
  const end = Math.min(meanings.length, from + MAX_ARGUMENTS);
  let depth = 1;
  let found: "fetched" | null = null;
  for (let at = from; at < end && depth > 0; at += 1) {
    const meaning = meanings[at];
    if (meaning === DECODES) return "decoded";
    if (meaning === OPENS) depth += 1;
    else if (meaning === CLOSES) depth -= 1;
    else if (meaning === FETCHES) found = "fetched";
  }
  return found;
}
