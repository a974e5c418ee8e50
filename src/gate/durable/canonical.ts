// JSON with one spelling (RFC 8785): what is hashed or signed must not depend on who wrote it.
import { hash } from "node:crypto";

/** Anything that JSON can say; members that are undefined are left out, as JSON.stringify does. */
export type Canonical = null | boolean | number | string | readonly Canonical[] | { readonly [key: string]: Canonical | undefined };

/** RFC 8785: no spaces, members sorted by UTF-16 units, numbers and strings as ECMAScript writes them. */
export function canonical(value: Canonical): string {
  // Most of what is logged is made in this order, and then the engine's own writer says the same several times faster.
  return isInOrder(value) ? JSON.stringify(value) : sorted(value);
}

function isInOrder(value: Canonical): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (isList(value)) return value.every(isInOrder);
  let last = "";
  for (const key in value) {
    const member = value[key];
    if (key < last || (typeof member === "object" && member !== null && !isInOrder(member))) return false;
    last = key;
  }
  return true;
}

function sorted(value: Canonical): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(sorted).join(",")}]`;
  let text = "";
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${sorted(member)}`;
  }
  return `{${text}}`;
}

function isList(value: object): value is readonly Canonical[] {
  return Array.isArray(value);
}

/** SHA-256 (hex) of a text in UTF-8, or of bytes. */
export function sha256(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}
