import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { nearest } from "../../core/nearest.ts";
import { toJson } from "../../reports/json.ts";
import type { Language } from "../../reports/language.ts";
import { text, word } from "../../reports/messages.ts";
import { Sheet } from "../../reports/table/sheet.ts";
import type { CommandContext } from "../command.ts";
import type { Entry, Finder } from "../explain/entry.ts";
import { findings, safetyRules } from "../explain/findings.ts";
import { standards } from "../explain/standards.ts";
import { components, errors, messages } from "../explain/words.ts";
import { columnsOf, wantsColor } from "../terminal.ts";

/** Where ids are looked for first; the index of licenses and the many patterns are read only when these do not know the id. */
const QUICK: readonly Finder[] = [standards, components, findings, safetyRules, errors];

/** `ajar explain ID`. @throws AjarError UNKNOWN_ID */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { operands, language, options, stdout } = context;
  const entry = await findEntry(operands[0] ?? "", language);
  if (options.text("format") === "json") await stdout.write(toJson(entry));
  else await stdout.write(entryText(entry, context));
  return EXIT.ok;
}

async function findEntry(id: string, language: Language): Promise<Entry> {
  const quick = firstEntry(QUICK, id, language);
  if (quick !== undefined) return quick;
  const { licenses } = await import("../explain/licenses.ts");
  const { hazards } = await import("../explain/hazards.ts");
  const { patterns } = await import("../explain/patterns.ts");
  const all = [...QUICK, patterns, hazards, licenses, messages];
  const entry = firstEntry(all, id, language);
  if (entry !== undefined) return entry;
  const near = nearest(
    id,
    all.flatMap((finder) => finder.ids(language)),
  );
  throw new AjarError("UNKNOWN_ID", "nothing has this id", {
    subject: id,
    hint: near === null ? "See ajar explain --help for the kinds of ids." : `Did you mean ${near}?`,
  });
}

function firstEntry(finders: readonly Finder[], id: string, language: Language): Entry | undefined {
  for (const finder of finders) {
    const entry = finder.find(id, language);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

function entryText(entry: Entry, context: CommandContext): string {
  const { language, stdout } = context;
  const sheet = new Sheet({ language, verbose: true, color: wantsColor(context, stdout), width: columnsOf(stdout) });
  sheet.line(`${sheet.paint("strong", entry.id)} (${word(`explain.${entry.kind}`, language)})`);
  sheet.block(entry.title, 2);
  if (entry.lines.length > 0) sheet.line();
  for (const line of entry.lines) {
    const content = line.trimStart();
    sheet.block(content, 2 + line.length - content.length);
  }
  if (entry.source !== undefined) {
    sheet.line();
    sheet.block(text({ id: "explain.source", args: { source: entry.source } }, language), 2, "", "faint");
  }
  return sheet.toString();
}
