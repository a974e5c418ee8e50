import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { identifyLicenses } from "../../licenses/identify.ts";
import { toJson } from "../../reports/json.ts";
import { renderMatches } from "../../reports/license-matches.ts";
import type { CommandContext } from "../command.ts";
import { columnsOf, wantsColor } from "../terminal.ts";

/** The longest license collections seen are near 1 MB; more is some other file. */
const LIMIT_BYTES = 16 * 1024 ** 2;

/** `ajar license FILE|-`: which licenses a text is. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const file = context.operands[0] ?? "-";
  const text = file === "-" ? await context.readStdin() : readText(file, context.cwd);
  const matches = identifyLicenses(text);
  const isJson = context.options.text("format") === "json";
  const options = {
    language: context.language,
    verbose: true,
    color: wantsColor(context, context.stdout),
    width: columnsOf(context.stdout),
  };
  await context.stdout.write(isJson ? toJson({ file, matches }) : renderMatches(file, matches, options));
  return EXIT.ok;
}

function readText(file: string, cwd: string): string {
  const path = resolve(cwd, file);
  try {
    const found = statSync(path);
    if (found.isDirectory())
      throw new AjarError("UNREADABLE", "is a folder", {
        subject: file,
        hint: "Name the license file in it, or run ajar audit on the folder.",
      });
    if (found.size > LIMIT_BYTES)
      throw new AjarError("OVER_LIMIT", `${found.size} bytes are over the limit of ${LIMIT_BYTES}`, {
        subject: file,
        hint: "This is not a license file.",
      });
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof AjarError) throw cause;
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new AjarError(missing ? "NOT_FOUND" : "UNREADABLE", missing ? "there is no such file" : "the file cannot be read", {
      subject: file,
      hint: "Check the name, or pipe the text in: ajar license -",
      cause,
    });
  }
}
