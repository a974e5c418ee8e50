// The lines of a recording. Written by others, so every field is checked; the caller adds file and line to a problem.
import { AjarError } from "../core/errors.ts";
import { checkPath } from "./paths.ts";

interface TreeFields {
  /** As entries show it. */
  readonly path: string;
  /** As the recording spells it, free of `..` and absolute forms. */
  readonly rawPath: string;
  readonly sizeBytes: number | null;
  /** Git blob id, hex. */
  readonly oid: string;
  /** Its content lies under files/. */
  readonly isCopied: boolean;
}

export type TreeEntry = TreeFields &
  (
    | { readonly kind: "file" | "symlink" | "submodule" }
    | { readonly kind: "lfs"; readonly lfs: { readonly sha256: string; readonly sizeBytes: number } }
  );

export interface ManifestEntry {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** A line that is not what the format says; the message names the field. */
export class BadRecord extends Error {}

type Fields = Readonly<Record<string, unknown>>;

/** @throws BadRecord */
export function parseTreeLine(line: string): TreeEntry {
  const fields = parseObject(line);
  const { path, rawPath } = pathField(fields);
  const mode = textField(fields, "mode", /^(?:100644|100755|100664|120000|160000)$/u);
  const shared: TreeFields = {
    path,
    rawPath,
    sizeBytes: fields["size"] === null ? null : sizeField(fields, "size"),
    oid: textField(fields, "oid", /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u),
    isCopied: flagField(fields, "copied"),
  };
  if (mode === "160000" || flagField(fields, "submodule")) return { ...shared, kind: "submodule" };
  if (mode === "120000") return { ...shared, kind: "symlink" };
  if (fields["lfs"] !== undefined) return { ...shared, kind: "lfs", lfs: lfsField(fields["lfs"]) };
  return { ...shared, kind: "file" };
}

/** @throws BadRecord */
export function parseManifestLine(line: string): ManifestEntry {
  const fields = parseObject(line);
  return { path: pathField(fields).path, sizeBytes: sizeField(fields, "size"), sha256: sha256Field(fields) };
}

/** @throws AjarError INCONSISTENT */
export function parseRelease(text: string): { readonly commit: string } {
  try {
    return { commit: textField(parseObject(text), "commit", /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u) };
  } catch (cause) {
    if (!(cause instanceof BadRecord)) throw cause;
    throw new AjarError("INCONSISTENT", `release.json: ${cause.message}`, { subject: "release.json", hint: "Record the release again." });
  }
}

function parseObject(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadRecord("not valid JSON");
  }
  if (!isFields(value)) throw new BadRecord("not a JSON object");
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function pathField(fields: Fields): { readonly path: string; readonly rawPath: string } {
  const raw = fields["path"];
  if (typeof raw !== "string") throw new BadRecord("`path` is not text");
  const checked = checkPath(raw);
  if (checked.kind === "unsafe") throw new BadRecord(`\`path\` ${checked.shown}: ${checked.problem}`);
  return { path: checked.path, rawPath: raw };
}

function textField(fields: Fields, name: string, pattern: RegExp): string {
  const value = fields[name];
  if (typeof value !== "string" || !pattern.test(value)) throw new BadRecord(`\`${name}\` is not of the form ${pattern.source}`);
  return value;
}

function sizeField(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw new BadRecord(`\`${name}\` is not a count of bytes`);
  return value;
}

function flagField(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== "boolean") throw new BadRecord(`\`${name}\` is neither true nor false`);
  return value;
}

function sha256Field(fields: Fields): string {
  return textField(fields, "sha256", /^[0-9a-f]{64}$/u);
}

function lfsField(value: unknown): { readonly sha256: string; readonly sizeBytes: number } {
  if (!isFields(value)) throw new BadRecord("`lfs` is not a JSON object");
  return { sha256: sha256Field(value), sizeBytes: sizeField(value, "size") };
}
