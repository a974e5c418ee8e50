// Entries of a log that somebody asks for, as the lines that they are: each still proves itself.
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Entry, readLine } from "./entry.ts";
import { type FileLine, linesOf } from "./lines.ts";
import { segmentNames } from "./recover.ts";

export interface Selection {
  /** Numbers of the first and last entry wanted. */
  readonly from?: number;
  readonly to?: number;
  /** ISO 8601, UTC, compared as texts; `since` is in, `until` is not. */
  readonly since?: string;
  readonly until?: string;
  readonly kind?: "decision" | "act";
  readonly model?: string;
  readonly caller?: string;
  readonly outcome?: string;
  readonly request?: string;
}

export interface SelectedLine {
  readonly entry: Entry;
  /** Without line feed. */
  readonly text: string;
}

/** In lists, first entries first. Lines that are no entry are passed over: `verifyLog` tells of them. @throws the system's error */
export async function* select(path: string, wanted: Selection): AsyncGenerator<readonly SelectedLine[]> {
  const files = statSync(path).isDirectory() ? segmentNames(path).map((name) => join(path, name)) : [path];
  for (const file of files) {
    for await (const lines of linesOf(file)) {
      const selected = lines.flatMap((line) => selectedOf(line, wanted));
      if (selected.length > 0) yield selected;
    }
  }
}

function selectedOf({ bytes, ended, tooLong }: FileLine, wanted: Selection): readonly SelectedLine[] {
  const read = ended && !tooLong ? readLine(bytes) : null;
  return read === null || !isWanted(read.entry, wanted) ? [] : [{ entry: read.entry, text: bytes.toString("utf8") }];
}

function isWanted({ seq, entry }: Entry, { from, to, since, until, ...wanted }: Selection): boolean {
  if (seq < (from ?? 0) || seq > (to ?? Number.MAX_SAFE_INTEGER)) return false;
  if ((since !== undefined && entry.at < since) || (until !== undefined && entry.at >= until)) return false;
  if (wanted.kind !== undefined && wanted.kind !== entry.kind) return false;
  const { model, caller, outcome, request } = wanted;
  if (entry.kind === "act") return model === undefined && caller === undefined && outcome === undefined && request === undefined;
  return (
    (model ?? entry.model) === entry.model &&
    (caller ?? entry.caller) === entry.caller &&
    (outcome ?? entry.outcome) === entry.outcome &&
    (request ?? entry.requestId) === entry.requestId
  );
}
