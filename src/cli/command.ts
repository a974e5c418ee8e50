import type { ExitCode } from "../core/errors.ts";
import type { Language } from "../reports/language.ts";
import type { Options } from "./options.ts";

/** What an argument is, for completion. */
type ArgumentKind = "file" | "target" | "id" | "text";

export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** flag: also has `--no-<name>`. list: may be repeated, each value kept. number: a whole number, `k`, `M`, `G` accepted with `bytes`. */
  readonly kind: "flag" | "text" | "list" | "number";
  /** Shown in help in place of the value, e.g. `FILE`. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Accepted in place of a choice, not advertised. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** List values may also be joined with commas. */
  readonly commas?: boolean;
  readonly bytes?: boolean;
  readonly least?: number;
  readonly completes?: ArgumentKind;
  /** Variable that gives the value when the option is absent. */
  readonly env?: string;
  /** Message `cli.option.<text>` that says what it does, where another command has an option of the same name; its name when absent. */
  readonly text?: string;
  /** Help names the negative form because the positive one is the default. */
  readonly shownNegated?: boolean;
}

interface OperandSpec {
  readonly name: string;
  readonly optional?: boolean;
  /** The last operand may be repeated. */
  readonly many?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: ArgumentKind;
}

export interface CommandSpec {
  readonly name: string;
  readonly operands: readonly OperandSpec[];
  readonly options: readonly OptionSpec[];
  /** Whole command lines, the most useful first. */
  readonly examples: readonly string[];
}

/** A stream that text is written to; resolves when the text has left the process. */
export interface Writer {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): Promise<void>;
}

/** All that a command may touch of the process. */
export interface CommandContext {
  readonly options: Options;
  readonly operands: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly language: Language;
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly readStdin: () => Promise<string>;
  /** Standard input as it comes, for what may be longer than fits into memory. */
  readonly stdin: () => AsyncIterable<Uint8Array>;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  /** The clock; used for what expires and for nothing that a report says. */
  readonly now: () => Date;
}

/** One command's work. Each file in commands/ exports one as `run`. @throws AjarError */
export type CommandRun = (context: CommandContext) => Promise<ExitCode>;
