import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { setImmediate as nextTurn } from "node:timers/promises";
import { AjarError } from "../core/errors.ts";
import type { SourceContext } from "../core/source.ts";
import { OpenFile } from "./local-file.ts";
import { shownInMessage } from "./paths.ts";
import { BadRecord } from "./recorded-format.ts";

/** One record is a path and a few fields; paths end at 4096 characters, escaped at most sixfold in JSON. */
const LINE_CHARACTERS = 32_768;

interface Records<T> {
  /** Absolute, without links. */
  readonly root: string;
  readonly name: "tree.jsonl" | "manifest.jsonl";
  readonly parse: (line: string) => T;
  readonly context: SourceContext;
}

/**
 * The records of a JSON Lines file, one at a time. A path may come only once.
 * @throws AjarError NOT_FOUND, OVER_LIMIT, or INCONSISTENT naming file and line
 */
export async function* readRecords<T extends { readonly path: string }>(records: Records<T>): AsyncGenerator<T> {
  const { name, parse, context } = records;
  const seen = new Set<string>();
  let number = 0;
  for await (const line of readLines(records)) {
    number += 1;
    if (line.trim() === "") continue;
    if (seen.size === context.limits.maxEntries) {
      throw new AjarError("OVER_LIMIT", `${name}: more than ${context.limits.maxEntries} entries`, { subject: name });
    }
    const record = parseAt(parse, line, `${name}:${number}`);
    if (seen.has(record.path)) throw bad(`${name}:${number}`, `${record.path} is listed twice`);
    seen.add(record.path);
    yield record;
  }
}

function parseAt<T>(parse: (line: string) => T, line: string, place: string): T {
  try {
    return parse(line);
  } catch (cause) {
    throw cause instanceof BadRecord ? bad(place, cause.message) : cause;
  }
}

function bad(place: string, problem: string): AjarError {
  return new AjarError("INCONSISTENT", `${place}: ${shownInMessage(problem)}`, { subject: place, hint: "Record the release again." });
}

/** Bytes read at a time. */
const CHUNK_BYTES = 64 * 1024;

async function* readLines({ root, name, context }: Records<unknown>): AsyncGenerator<string> {
  const file = await OpenFile.open({ path: join(root, name), shown: name });
  try {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    let number = 1;
    for (let at = 0; at < file.sizeBytes; at += CHUNK_BYTES) {
      if (at > 0) await nextTurn();
      context.signal.throwIfAborted();
      const bytes = await file.read(at, Math.min(CHUNK_BYTES, file.sizeBytes - at));
      const lines = (rest + decoder.write(Buffer.from(bytes))).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        yield line;
        number += 1;
      }
      if (rest.length > LINE_CHARACTERS) throw bad(`${name}:${number}`, `longer than ${LINE_CHARACTERS} characters`);
    }
    await file.check();
    rest += decoder.end();
    if (rest !== "") yield rest;
  } finally {
    await file.close();
  }
}
