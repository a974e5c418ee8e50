// Jupyter notebooks (RP04): cells that run shell commands or install from addresses, and what their code calls.
import { AjarError } from "../../core/errors.ts";
import type { FormatReading, SafetyHit } from "../../core/scan.ts";
import { isJsonArray, isJsonObject, JsonReader, type JsonValue } from "../../formats/json-reader.ts";
import { FULL } from "../combine.ts";
import { judgePython } from "../python/judge.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_CELLS = 10_000;
const MAX_HITS = 20;
const SHELL_CELL = /^\s*%%(?:bash|sh|script|system|cmd|powershell)\b/u;
const SHELL_LINE = /^\s*(?:!|%(?:sx|system|cd)\b)\s*(.+)$/u;
/** One behind the other in one command. Apart, as one pattern for all three would try every pair of places. */
const INSTALL: readonly RegExp[] = [/\b(?:pip3?|conda|mamba|uv)\b/u, /\binstall\b/u, /(?:git\+)?https?:\/\/(?=\S)/u];
const DOWNLOAD = /\b(?:curl|wget)\b/u;
const SHELL = /^\s*(?:sudo\s+)?(?:ba|z|da)?sh\b/u;

export const scanner: Scanner = {
  id: "notebook",
  risk: "may-execute",
  quiet: true,
  claims: ({ path, head }) => /\.ipynb$/iu.test(path) && head.includes(0x7b),
  async scan(reader): Promise<FormatReading> {
    if (reader.sizeBytes > MAX_BYTES) throw new AjarError("OVER_LIMIT", "a notebook of more than 64 MiB", { offset: 0 });
    const text = new TextDecoder().decode(await reader.read(0, reader.sizeBytes));
    const json = new JsonReader(text, { nonFinite: true });
    const hits: SafetyHit[] = [];
    for (const source of codeCells(json.value())) if (hits.length < MAX_HITS) hits.push(...cellHits(source, text));
    return {
      format: "notebook",
      risk: "may-execute",
      coverage: FULL,
      hits: hits.slice(0, MAX_HITS),
      tensors: [],
      parameters: null,
      metadata: new Map(),
    };
  },
};

function codeCells(notebook: JsonValue): readonly string[] {
  const cells = isJsonObject(notebook) ? notebook.get("cells") : undefined;
  if (!isJsonArray(cells)) return [];
  return cells.slice(0, MAX_CELLS).flatMap((cell) => {
    if (!isJsonObject(cell) || cell.get("cell_type") !== "code") return [];
    const source = cell.get("source");
    if (typeof source === "string") return [source];
    return isJsonArray(source) ? [source.filter((line) => typeof line === "string").join("")] : [];
  });
}

/** The place of a line in the file, as far as it can be found again. */
function placeOf(text: string, line: string): { readonly start: number; readonly end: number; readonly quote: string } {
  const at = Math.max(0, text.indexOf(JSON.stringify(line).slice(1, 41)));
  const start = Buffer.byteLength(text.slice(0, at));
  return { start, end: start + Math.max(1, Math.min(40, line.length)), quote: line.trim().slice(0, 200) };
}

/** The address that something is installed from. */
function installedFrom(line: string): string | undefined {
  let start = 0;
  for (const command of line.split(/[|;&]/u)) {
    const at = addressIn(command);
    if (at !== null) return /^\S+/u.exec(line.slice(start + at))?.[0];
    start += command.length + 1;
  }
  return undefined;
}

/** Where an address begins behind a tool and its word for installing; null when there are not all three. */
function addressIn(command: string): number | null {
  let from = 0;
  let at = 0;
  for (const pattern of INSTALL) {
    const match = pattern.exec(command.slice(from));
    if (match === null) return null;
    at = from + match.index;
    from = at + match[0].length;
  }
  return at;
}

/** Whether what is downloaded goes straight into a shell. */
function isPiped(line: string): boolean {
  const commands = line.split("|");
  return commands.some((command, index) => DOWNLOAD.test(command) && SHELL.test(commands[index + 1] ?? ""));
}

function cellHits(source: string, text: string): readonly SafetyHit[] {
  const lines = source.split("\n");
  const hits: SafetyHit[] = [];
  const isShell = SHELL_CELL.test(source);
  for (const line of lines) {
    const command = isShell ? line : SHELL_LINE.exec(line)?.[1];
    if (hits.length >= MAX_HITS) break;
    const address = installedFrom(line);
    if (isPiped(line))
      hits.push(hitOf("RP04", { ...placeOf(text, line), variant: "piped", args: { command: line.trim() }, severity: "high" }));
    else if (address !== undefined) hits.push(hitOf("RP04", { ...placeOf(text, line), variant: "install", args: { address } }));
    else if (command !== undefined && hits.length === 0)
      hits.push(hitOf("RP04", { ...placeOf(text, line), args: { command: line.trim() }, severity: "info" }));
  }
  const code = lines.map((line) => (/^\s*[!%]/u.test(line) ? "" : line)).join("\n");
  const calls = isShell ? [] : judgePython(code, "").filter(({ severity }) => severity === "high");
  return [...hits, ...calls.map((hit) => ({ ...hit, ...placeOf(text, hit.quote ?? "") }))];
}
