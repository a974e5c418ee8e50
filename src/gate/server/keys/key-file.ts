// The file of keys: small, written as a whole, readable by its owner alone.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { AjarError } from "../../../core/errors.ts";
import type { KeyRecord } from "./key.ts";

const FORMAT = "ajar-keys/1";
/** Some ten thousand keys. */
const MOST_BYTES = 4 * 1024 * 1024;

const moment = z.iso.datetime();
const perMinute = z.number().int().positive().nullable();
const record = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{12}$/u),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  name: z.string().max(200),
  scopes: z.array(z.string().regex(/^(?:model:.+|endpoint:(?:\*|chat\/completions|completions|responses|embeddings)|admin|metrics)$/u)),
  created: moment,
  expires: moment.nullable(),
  revoked: moment.nullable(),
  requestsPerMinute: perMinute,
  tokensPerMinute: perMinute,
});
const shape = z.strictObject({ format: z.literal(FORMAT), keys: z.array(record) });

/** All keys of a file, none where there is no file yet. @throws AjarError BAD_CONFIG */
export function readKeys(file: string): readonly KeyRecord[] {
  const text = textOf(file);
  if (text === null) return [];
  const parsed = shape.safeParse(jsonOf(text, file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badFile(file, `${issue?.path.join(".") || "the file"}: not as a file of keys has it`);
  }
  const ids = parsed.data.keys.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw badFile(file, `key ${twice} comes twice`);
  return parsed.data.keys;
}

function textOf(file: string): string | null {
  try {
    if (statSync(file).size > MOST_BYTES) throw badFile(file, `larger than ${MOST_BYTES} bytes`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof AjarError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new AjarError("BAD_CONFIG", "the file of keys cannot be read", { subject: file, cause: error });
  }
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badFile(file, "not JSON");
  }
}

function badFile(file: string, message: string): AjarError {
  return new AjarError("BAD_CONFIG", message, { subject: file, hint: "Make keys with: ajar key create" });
}

/** Reads, changes and writes the keys with no other writer between. @throws AjarError BAD_CONFIG | OUTPUT_UNWRITABLE | BUSY */
export function changeKeys<T>(
  file: string,
  change: (keys: readonly KeyRecord[]) => { readonly keys: readonly KeyRecord[]; readonly result: T },
): T {
  const next = `${file}.new`;
  const handle = claim(next);
  try {
    const { keys, result } = change(readKeys(file));
    writeSync(handle, `${JSON.stringify({ format: FORMAT, keys }, null, 2)}\n`);
    fsyncSync(handle);
    renameSync(next, file);
    syncFolder(dirname(file));
    return result;
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
}

/** The file to come is also the lock: it is there only while somebody writes. */
function claim(next: string): number {
  try {
    return openSync(next, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw new AjarError("BUSY", "somebody else is changing the keys", {
        subject: next,
        hint: "Try again; if nobody is, remove this file, which a broken-off run left behind.",
      });
    }
    throw new AjarError("OUTPUT_UNWRITABLE", "the file of keys cannot be written", { subject: next, cause: error });
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
