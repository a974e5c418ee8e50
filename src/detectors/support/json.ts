/** Plain data with reading by JSON pointer. */
export interface JsonText {
  /** Null when the text is not JSON or too large. */
  readonly value: unknown;
  /** Value at a JSON pointer such as `/a/0/b`; undefined when there is none. Own keys only. */
  at(pointer: string): unknown;
}

/** Largest JSON text parsed for facts; configs and host records are far smaller. */
const MAX_JSON_CHARS = 8 * 1024 * 1024;

/** Reads JSON that may be broken or hostile: never throws. */
export function readJson(text: string): JsonText {
  let value: unknown = null;
  try {
    if (text.length <= MAX_JSON_CHARS) value = JSON.parse(text);
  } catch {
    value = null;
  }
  return { value, at: (pointer) => valueAt(value, pointer) };
}

function valueAt(root: unknown, pointer: string): unknown {
  let value: unknown = root;
  for (const key of pointer.split("/").slice(1)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}
