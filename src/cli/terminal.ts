import type { CommandContext, Writer } from "./command.ts";

/** Width of a report that nobody watches being made, and the narrowest and widest it is set on a screen. */
const DEFAULT_COLUMNS = 80;
const LEAST_COLUMNS = 40;
const MOST_COLUMNS = 120;

/** Cells per line for a stream. */
export function columnsOf(writer: Writer): number {
  if (!writer.isTTY || writer.columns <= 0) return DEFAULT_COLUMNS;
  return Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, writer.columns));
}

/** Whether to colour: the option, then NO_COLOR (any value), then FORCE_COLOR, then a terminal that is not dumb. */
export function wantsColor(context: Pick<CommandContext, "options" | "env">, writer: Writer): boolean {
  const option = context.options.flag("color");
  if (option !== undefined) return option;
  const { env } = context;
  // https://no-color.org: present and not empty, whatever its value.
  if (isSet(env["NO_COLOR"])) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return writer.isTTY && env["TERM"] !== "dumb";
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
