import { type Digests, digest } from "../../audit/identity.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { identityJson, identityTable } from "../../reports/identity.ts";
import type { CommandContext } from "../command.ts";
import { checkWritable, writeWhole } from "../output.ts";
import { startProgress } from "../progress.ts";
import { optionsFor } from "../render-as.ts";
import { sourceContext } from "../requests.ts";

/** `ajar digest TARGET...`: what targets are by their bytes. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { operands, options, cwd, env, stderr, stdout, signal } = context;
  const compare = options.flag("compare") === true;
  if (compare && operands.length !== 2) {
    throw new AjarError("BAD_OPTION", "compares two targets", { subject: "--compare", hint: "Write ajar digest --compare A B." });
  }
  const file = options.list("output").at(-1);
  if (file !== undefined) checkWritable(file, cwd);
  const threads = options.number("jobs");
  const quiet = options.flag("quiet") === true || options.flag("progress") === false || (env["CI"] ?? "") !== "";
  const progress = startProgress(stderr, !quiet);
  try {
    const result = await digest({
      references: operands,
      compare,
      tensors: options.flag("weights") !== false,
      list: options.flag("tensors") === true,
      stated: options.flag("stated") === true,
      context: sourceContext(context, progress.show),
      ...(threads === undefined ? {} : { threads }),
    });
    signal.throwIfAborted();
    progress.end();
    const isJson = options.text("format") === "json";
    const text = isJson ? identityJson(result) : identityTable(result, optionsFor(context, file === undefined));
    if (file === undefined) await stdout.write(text);
    else writeWhole(file, cwd, text);
    return exitCode(result);
  } finally {
    progress.end();
  }
}

/** 1: a file is not what was published, or the targets are not the same weights. 3: something could not be read. 4: nothing there. */
function exitCode({ targets, comparison }: Digests): ExitCode {
  if (targets.some(({ findings }) => findings.some(({ severity }) => severity === "high"))) return EXIT.policy;
  if (comparison !== null) {
    if (comparison.relation === "different" || comparison.relation === "overlapping") return EXIT.policy;
    return comparison.relation === "unknown" ? EXIT.incomplete : EXIT.ok;
  }
  if (targets.every(({ identity }) => identity.files.length === 0)) return EXIT.nothing;
  return targets.every(({ identity }) => identity.complete) ? EXIT.ok : EXIT.incomplete;
}
