import { EXIT, type ExitCode } from "../../core/errors.ts";
import { identifyLicenses } from "../../licenses/identify.ts";
import { toJson } from "../../reports/json.ts";
import { renderMatches } from "../../reports/license-matches.ts";
import type { CommandContext } from "../command.ts";
import { type InputRules, readInput } from "../input.ts";
import { columnsOf, wantsColor } from "../terminal.ts";

const INPUT: InputRules = {
  // The longest license collections seen are near 1 MB; more is some other file.
  limitBytes: 16 * 1024 ** 2,
  hints: {
    folder: "Name the license file in it, or run ajar audit on the folder.",
    large: "This is not a license file.",
    missing: "Check the name, or pipe the text in: ajar license -",
  },
};

/** `ajar license FILE|-`: which licenses a text is. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const file = context.operands[0] ?? "-";
  const text = await readInput(file, context, INPUT);
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
