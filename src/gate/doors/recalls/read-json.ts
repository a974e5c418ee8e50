// JSON of strangers: bounded before anything is built, and without a key that comes twice, of which two readers would see different ones.
import { AjarError, type ErrorCode } from "../../../core/errors.ts";
import { isJsonArray, isJsonObject, JsonReader, type JsonValue } from "../../../formats/json-reader.ts";
import type { Canonical } from "../../durable/canonical.ts";

/** A hundred values for each of the most advisories that a feed may have. */
const MAX_VALUES = 5_000_000;
/** Enough for 40,000 advisories of 1.5 kB. */
export const MAX_FEED_BYTES = 64 * 1024 ** 2;

/** @throws AjarError of that code, naming `subject` and the place */
export function readJson(bytes: Uint8Array, code: ErrorCode, subject: string): Canonical {
  if (bytes.byteLength > MAX_FEED_BYTES) throw new AjarError(code, `more than ${MAX_FEED_BYTES} bytes`, { subject });
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const reader = new JsonReader(text, {
      maxValues: MAX_VALUES,
      onDuplicate: (key, offset) => {
        throw new AjarError(code, `key ${JSON.stringify(key.slice(0, 100))} comes twice`, { subject, offset });
      },
    });
    const value = reader.value();
    reader.end();
    return plain(value);
  } catch (cause) {
    if (cause instanceof AjarError && cause.code === code) throw cause;
    const what = cause instanceof AjarError ? cause.message : "it is not UTF-8";
    throw new AjarError(code, `this is not JSON: ${what}`, { subject, cause });
  }
}

function plain(value: JsonValue): Canonical {
  if (isJsonArray(value)) return value.map(plain);
  if (!isJsonObject(value)) return value as Canonical;
  const object: Record<string, Canonical> = Object.create(null);
  for (const [key, member] of value) object[key] = plain(member);
  return object;
}
