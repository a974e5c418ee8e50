import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { AjarError } from "../core/errors.ts";
import type { CommandContext } from "./command.ts";

export interface InputRules {
  readonly limitBytes: number;
  /** What to do when the name is a folder, when the file is too large, when it cannot be had. */
  readonly hints: { readonly folder: string; readonly large: string; readonly missing: string };
}

/** The text of a file the user named, or of standard input for `-`. @throws AjarError UNREADABLE | NOT_FOUND | OVER_LIMIT */
export async function readInput(file: string, context: Pick<CommandContext, "cwd" | "readStdin">, rules: InputRules): Promise<string> {
  return file === "-" ? await context.readStdin() : readText(file, context.cwd, rules);
}

function readText(file: string, cwd: string, { limitBytes, hints }: InputRules): string {
  const path = resolve(cwd, file);
  try {
    const found = statSync(path);
    if (found.isDirectory()) throw new AjarError("UNREADABLE", "is a folder", { subject: file, hint: hints.folder });
    if (found.size > limitBytes) {
      const message = `${found.size} bytes are over the limit of ${limitBytes}`;
      throw new AjarError("OVER_LIMIT", message, { subject: file, hint: hints.large });
    }
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof AjarError) throw cause;
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new AjarError(missing ? "NOT_FOUND" : "UNREADABLE", missing ? "there is no such file" : "the file cannot be read", {
      subject: file,
      hint: hints.missing,
      cause,
    });
  }
}
