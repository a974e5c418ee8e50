// Report files appear whole or not at all: written beside the target under another name, then renamed.
import { accessSync, constants, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AjarError } from "../core/errors.ts";
import { FORMAT_BY_EXTENSION, FORMATS, type FormatId } from "../reports/formats.generated.ts";

export type Format = FormatId;

interface OutputFile {
  readonly format: Format;
  readonly path: string;
}

export interface OutputPlan {
  /** What stdout gets; null when a plain `-o FILE` takes its place. */
  readonly stdout: Format | null;
  readonly files: readonly OutputFile[];
}

/** `-o FORMAT=FILE` adds a file; a plain `-o FILE` takes the main report instead of stdout, in the format of -f or of its extension. */
export function planOutput(format: string | undefined, outputs: readonly string[]): OutputPlan {
  const files: OutputFile[] = [];
  let replaced = false;
  for (const output of outputs) {
    const named = FORMATS.find((name) => output.startsWith(`${name}=`));
    if (named !== undefined) {
      files.push({ format: named, path: output.slice(named.length + 1) });
    } else {
      files.push({ format: formatNamed(format) ?? formatOf(output) ?? "table", path: output });
      replaced = true;
    }
  }
  const empty = files.find((file) => file.path === "");
  if (empty !== undefined) throw new AjarError("BAD_OPTION", "the file name is empty", { subject: "--output" });
  return { stdout: replaced ? null : (formatNamed(format) ?? "table"), files };
}

/** By the longest ending that a format owns: `a.cdx.json` is CycloneDX, `a.json` is the report. */
function formatOf(path: string): Format | undefined {
  const name = path.toLowerCase();
  const ending = Object.keys(FORMAT_BY_EXTENSION)
    .filter((extension) => name.endsWith(extension))
    .sort((a, b) => b.length - a.length)[0];
  return ending === undefined ? undefined : FORMAT_BY_EXTENSION[ending];
}

function formatNamed(name: string | undefined): Format | undefined {
  return FORMATS.find((format) => format === name);
}

/** Fails before the work starts, not after it, when a file could not be written. @throws AjarError OUTPUT_UNWRITABLE */
export function checkWritable(path: string, cwd: string): void {
  const target = resolve(cwd, path);
  try {
    const found = statSync(target, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) throw new Error("it is a folder");
    accessSync(found === undefined || found.isFile() ? dirname(target) : target, constants.W_OK);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Writes a file whole, replacing what was there; devices and pipes are written to directly. @throws AjarError OUTPUT_UNWRITABLE */
export function writeWhole(path: string, cwd: string, content: string): void {
  const asked = resolve(cwd, path);
  let temporary: string | undefined;
  try {
    const found = statSync(asked, { throwIfNoEntry: false });
    if (found !== undefined && !found.isFile()) {
      writeFileSync(asked, content);
      return;
    }
    // A link to a file stays a link.
    const target = found === undefined ? asked : realpathSync(asked);
    temporary = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
    writeFileSync(temporary, content, { flag: "wx" });
    renameSync(temporary, target);
  } catch (cause) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): AjarError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const words = wordsFor(cause, path) ?? reason;
  return new AjarError("OUTPUT_UNWRITABLE", `the report cannot be written: ${words}`, {
    subject: path,
    hint: "Name a file in a folder that exists and that you may write to.",
    cause,
  });
}

/** What commonly stands in the way, in words; the system's own for the rest. */
function wordsFor(cause: unknown, path: string): string | null {
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  if (code === "ENOENT" || code === "ENOTDIR") return `there is no folder ${dirname(path)}`;
  return code === "EACCES" || code === "EPERM" || code === "EROFS" ? "no permission to write there" : null;
}
