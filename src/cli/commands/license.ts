import { EXIT, type ExitCode } from "../../core/errors.ts";
import { identifyLicenses } from "../../licenses/identify.ts";
import { toJson } from "../../reports/json.ts";
import { renderMatches } from "../../reports/license-matches.ts";
import type { CommandContext } from "../command.ts";
import { readInput } from "../input.ts";
import { LICENSE_INPUT } from "../license/input.ts";
import { badOption } from "../options.ts";
import { columnsOf, wantsColor } from "../terminal.ts";

/** `ajar license FILE|-`: which licenses a text is. `ajar license --compare A B`: how the terms of two differ. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const [file = "-", other] = context.operands;
  if (context.options.flag("compare") === true) {
    const { compare } = await import("../license/compare.ts");
    return await compare(context);
  }
  if (other !== undefined)
    throw badOption(other, "ajar license takes one file", "Write ajar license --compare A B to compare two licenses.");
  const text = await readInput(file, context, LICENSE_INPUT);
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
