// Where saved reports lie: files, folders of files, JSON Lines. Read one at a time, however many there are.
import { createReadStream, type Dirent, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { AjarError } from "../../core/errors.ts";
import { compareText } from "../../core/text.ts";
import { MAX_REPORT_BYTES } from "../../reports/read-report.ts";
import type { CommandContext } from "../command.ts";
import { readSaved } from "../saved.ts";
import { linesOf } from "./lines.ts";

/** One text with the name of its place, or why there is none. */
export type SavedText =
  | { readonly place: string; readonly json: string }
  | { readonly place: string; readonly json: null; readonly error: AjarError };

const LINES = /\.(?:jsonl|ndjson)$/iu;
const WHOLE = /\.json$/iu;

/**
 * The texts of a file (`.jsonl` and `.ndjson`: one a line), of every such file below a folder in the order of their names, or of the
 * lines of standard input for `-`. Symbolic links in a folder are not followed. @throws AjarError NOT_FOUND when there is nothing of the name
 */
export async function* savedTexts(name: string, context: CommandContext): AsyncGenerator<SavedText> {
  if (name === "-") return yield* ofLines("-", context.stdin());
  const path = resolve(context.cwd, name);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new AjarError("NOT_FOUND", "there is no such file", { subject: name, hint: "Name a file, or a folder that holds some." });
  }
  if (!found.isDirectory()) return yield* ofFile(name, path, context);
  for (const inner of filesBelow(path)) yield* ofFile(join(name, inner), join(path, inner), context);
}

function* filesBelow(folder: string, inner = ""): Generator<string> {
  const entries: readonly Dirent[] = readdirSync(join(folder, inner), { withFileTypes: true });
  for (const entry of [...entries].sort((a, b) => compareText(a.name, b.name))) {
    const path = join(inner, entry.name);
    if (entry.isDirectory()) yield* filesBelow(folder, path);
    else if (entry.isFile() && (LINES.test(entry.name) || WHOLE.test(entry.name))) yield path;
  }
}

async function* ofFile(place: string, path: string, context: CommandContext): AsyncGenerator<SavedText> {
  if (LINES.test(path)) return yield* ofLines(place, createReadStream(path));
  try {
    yield { place, json: await readSaved(path, context) };
  } catch (error) {
    if (!(error instanceof AjarError)) throw error;
    yield { place, json: null, error };
  }
}

async function* ofLines(file: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SavedText> {
  let number = 0;
  for await (const json of linesOf(chunks, MAX_REPORT_BYTES)) {
    number += 1;
    const place = `${file}:${number}`;
    if (json === null) yield { place, json, error: new AjarError("OVER_LIMIT", `the line is over the limit of ${MAX_REPORT_BYTES} bytes`) };
    else if (json.trim() !== "") yield { place, json };
  }
}
