// Files that decide about a release are the reader's own: one that lies in the release would let it excuse itself.
import { AjarError } from "../core/errors.ts";
import { isInsideTarget } from "../sources/config.ts";
import type { CommandContext } from "./command.ts";
import { type InputRules, readInput } from "./input.ts";

const INPUT: InputRules = {
  limitBytes: 1024 ** 2,
  hints: { folder: "Name the YAML file.", large: "This is no file of decisions.", missing: "Check the name." },
};

/** The text of a file of decisions. @throws AjarError BAD_OPTION when it lies in a target; NOT_FOUND | UNREADABLE | OVER_LIMIT */
export async function readTrusted(option: string, file: string, context: CommandContext, targets: readonly string[]): Promise<string> {
  const content = await readInput(file, context, INPUT);
  if (file === "-" || !isInsideTarget(file, context.cwd, targets)) return content;
  throw new AjarError("BAD_OPTION", "lies inside what is audited and is not trusted", {
    subject: `--${option} ${file}`,
    hint: "Keep it outside the release.",
  });
}
