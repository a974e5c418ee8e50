// `--notices DIR`: the bundle is written beside DIR under another name, then renamed, so that DIR appears whole or not at all.
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AjarError } from "../core/errors.ts";

/** Everything that a bundle holds; a folder with anything else was not made by Ajar. */
const OWN: readonly string[] = ["NOTICE", "NOTICES.md", "texts"];

export interface BundleFile {
  /** Relative, made by Ajar. */
  readonly file: string;
  readonly content: string | Uint8Array;
}

/** Fails before the work starts where DIR could not be written. @throws AjarError OUTPUT_UNWRITABLE */
export function checkBundle(shown: string, cwd: string, force: boolean): void {
  const found = lstatSync(resolve(cwd, shown), { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) throw refused(shown, "is there already and no folder", "Name a folder that does not exist.");
  const names = readdirSync(resolve(cwd, shown));
  if (names.length === 0) return;
  const strange = names.find((name) => !OWN.includes(name));
  if (strange !== undefined) throw refused(shown, "holds files that are no notices", "Name a folder that does not exist.");
  if (!force) throw refused(shown, "is there already", "Add --force to replace it.");
}

/** Writes the bundle whole. @throws AjarError OUTPUT_UNWRITABLE */
export function writeBundle(shown: string, cwd: string, files: readonly BundleFile[], force: boolean): void {
  checkBundle(shown, cwd, force);
  const target = resolve(cwd, shown);
  let temporary: string | undefined;
  try {
    mkdirSync(dirname(target), { recursive: true });
    temporary = mkdtempSync(join(dirname(target), `.${basename(target)}.part-`));
    mkdirSync(join(temporary, "texts"));
    for (const { file, content } of files) writeFileSync(join(temporary, file), content, { flag: "wx" });
    replace(target, temporary);
  } catch (cause) {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
    throw refused(
      shown,
      `the notices cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Name a folder that you may write to.",
    );
  }
}

/** What was there is put aside until the new one is in its place. */
function replace(target: string, temporary: string): void {
  const isThere = lstatSync(target, { throwIfNoEntry: false }) !== undefined;
  if (!isThere) {
    renameSync(temporary, target);
    return;
  }
  const old = `${temporary}-old`;
  renameSync(target, old);
  try {
    renameSync(temporary, target);
  } catch (cause) {
    renameSync(old, target);
    throw cause;
  }
  rmSync(old, { recursive: true, force: true });
}

function refused(subject: string, message: string, hint: string): AjarError {
  return new AjarError("OUTPUT_UNWRITABLE", message, { subject, hint });
}
