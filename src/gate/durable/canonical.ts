// JSON with one spelling (RFC 8785): what is hashed or signed must not depend on who wrote it.
import { hash } from "node:crypto";

/** Anything that JSON can say; members that are undefined are left out, as JSON.stringify does. */
export type Canonical = null | boolean | number | string | readonly Canonical[] | { readonly [key: string]: Canonical | undefined };

/** RFC 8785: no spaces, members sorted by UTF-16 units, numbers and strings as ECMAScript writes them. */
export function canonical(value: Canonical): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  let text = "";
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonical(member)}`;
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
