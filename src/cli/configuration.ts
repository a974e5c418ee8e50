// What an ajar.yaml adds to a command line: values for options that were not given, and the targets when none was named.
import { AjarError } from "../core/errors.ts";
import { chooseLanguage, languageOf } from "../reports/language.ts";
import { text } from "../reports/messages.ts";
import { type Config, type ConfigValue, locateConfig, readConfig } from "../sources/config.ts";
import { listParts, type ReleasePart } from "../sources/parts.ts";
import type { CommandContext, OptionSpec } from "./command.ts";
import { commandNamed } from "./command-table.ts";
import { readValue, type Value } from "./options.ts";

export interface Configured {
  readonly context: CommandContext;
  /** Targets of the release, main target first; empty when neither the line nor a file names one. */
  readonly parts: readonly ReleasePart[];
}

/** Completes a command line of `ajar audit`. An option beats its variable, a variable the file. @throws AjarError BAD_CONFIG */
export async function configure(context: CommandContext): Promise<Configured> {
  const { options, cwd } = context;
  const given = listParts({
    target: context.operands[0],
    code: options.list("code"),
    data: options.list("data"),
    docs: options.list("docs"),
    weights: options.list("weights"),
  });
  const located = locateConfig(
    options.text("config"),
    cwd,
    given.map(({ reference }) => reference),
  );
  if (located.ignored !== null && options.flag("quiet") !== true) {
    await context.stderr.write(`ajar: ${text({ id: "cli.ignored-config", args: { file: located.ignored } }, context.language)}\n`);
  }
  if (located.path === null) return { context, parts: given };
  const config = await readConfig(located.path, cwd);
  // Parts of one release beside the target of another would be judged as one.
  return { context: completed(context, config), parts: given.length > 0 ? given : config.parts };
}

function completed(context: CommandContext, config: Config): CommandContext {
  const added = new Map<string, Value>();
  for (const spec of commandNamed("audit")?.options ?? []) {
    const value = config.settings.get(spec.name);
    if (value !== undefined && !context.options.has(spec.name)) added.set(spec.name, settingValue(spec, value, config));
  }
  const language = added.get("lang");
  const isChosen = (context.env["AJAR_LANG"] ?? "") !== "";
  return {
    ...context,
    options: context.options.with(added),
    language: typeof language === "string" && !isChosen ? chooseLanguage(languageOf(language) ?? "en", {}) : context.language,
  };
}

/** A setting goes through the same checks as the words of a command line. */
function settingValue(spec: OptionSpec, value: ConfigValue, config: Config): Value {
  const words = Array.isArray(value) ? value : [String(value)];
  try {
    return readValue(spec, words, config.placeOf(spec.name));
  } catch (error) {
    if (!(error instanceof AjarError)) throw error;
    const { subject, hint } = error;
    throw new AjarError("BAD_CONFIG", `${spec.name}: ${error.message}`, {
      ...(subject === undefined ? {} : { subject }),
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
