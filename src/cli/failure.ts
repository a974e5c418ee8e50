import { AjarError, EXIT, type ExitCode } from "../core/errors.ts";
import type { Language } from "../reports/language.ts";
import { safeText } from "../reports/safe-text.ts";
import type { CommandContext } from "./command.ts";

export interface FailureContext extends Pick<CommandContext, "stdout" | "stderr" | "env" | "signal"> {
  readonly language: Language;
  readonly json: boolean;
}

export interface ErrorObject {
  readonly error: { readonly code: string; readonly message: string; readonly subject: string | null; readonly hint: string | null };
}

/** Tells a failure once, in one form for people and one for programs, and gives the exit code. */
export async function reportFailure(failure: unknown, context: FailureContext): Promise<ExitCode> {
  const error = asAjarError(failure, context.signal.aborted);
  if (context.json) {
    const { toJson } = await import("../reports/json.ts");
    await context.stdout.write(toJson(errorObject(error)));
  }
  await context.stderr.write(await failureText(error, failure, context));
  return error.exitCode;
}

/** The object that `-f json` prints in place of a report. */
export function errorObject(error: AjarError): ErrorObject {
  return { error: { code: error.code, message: error.message, subject: error.subject ?? null, hint: error.hint ?? null } };
}

/** Anything thrown, as one of our errors: an abort is an interruption, the unknown is a bug. */
export function asAjarError(failure: unknown, aborted: boolean): AjarError {
  if (aborted) return new AjarError("INTERRUPTED", "stopped before the report was made; nothing was written");
  if (failure instanceof AjarError) return failure;
  const message = failure instanceof Error ? failure.message : String(failure);
  return new AjarError("BUG", message, { hint: "Please report it with the command line and the lines above.", cause: failure });
}

/** What was passed over in work that went on, and why: one line. */
export async function failureLine(error: AjarError, subject: string, language: Language): Promise<string> {
  const say = await speaker(language);
  return `ajar: ${safeText(subject)}: ${safeText(say(withoutSubject(error)))} [${error.code}]\n`;
}

async function failureText(error: AjarError, failure: unknown, { language }: FailureContext): Promise<string> {
  const say = await speaker(language);
  const subject = error.subject === undefined ? "" : `${safeText(error.subject)}: `;
  const lines = [`ajar: ${subject}${safeText(say(withoutSubject(error)))} [${error.code}]`];
  if (error.hint !== undefined) lines.push(`  ${safeText(say(error.hint))}`);
  if (error.exitCode === EXIT.bug && failure instanceof Error && failure.stack !== undefined) {
    lines.unshift(...failure.stack.split("\n").slice(1).map(safeText));
  }
  return `${lines.join("\n")}\n`;
}

/** Errors are English where they are thrown; translations are loaded only for who reads another language. */
export async function speaker(language: Language): Promise<(english: string) => string> {
  if (language === "en") return (english) => english;
  const { failureText: translate } = await import("../reports/failure-text.ts");
  return (english) => translate(english, language);
}

/** Many messages begin with what they are about, for those who see nothing else. */
function withoutSubject({ subject, message }: AjarError): string {
  return subject !== undefined && message.startsWith(`${subject}: `) ? message.slice(subject.length + 2) : message;
}
