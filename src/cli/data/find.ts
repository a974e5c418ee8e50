import type { FoundValue, Sought } from "../../audit/data/find.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { toJson } from "../../reports/json.ts";
import { Phrases } from "../../reports/phrases.ts";
import { safeText } from "../../reports/safe-text.ts";
import type { CommandContext } from "../command.ts";
import { dataContext, referenceOf, withProgress } from "./targets.ts";

/** `ajar data find TARGET... --hash HEX | --value-stdin`: whether a value is in the data, and where. Exit 1 when it is. */
export async function findInData(context: CommandContext, targets: readonly string[]): Promise<ExitCode> {
  const { options, cwd, stdout, signal } = context;
  const sought = await soughtOf(context);
  const found = await withProgress(context, async (progress) => {
    const { withSources } = await import("../../audit/data/data.ts");
    const { findValue } = await import("../../audit/data/find.ts");
    const references = targets.map((target) => referenceOf(target, cwd));
    const request = {
      references,
      context: dataContext(context, progress),
      include: options.list("include"),
      exclude: options.list("exclude"),
    };
    return await withSources(request, (sources) => findValue(sources, sought, { signal, progress }));
  });
  const isJson = options.text("format") === "json";
  await stdout.write(isJson ? toJson({ format: "ajar-data-find/1", ...found }) : textOf(found, new Phrases(context.language)));
  if (found.rows > 0) return EXIT.policy;
  return found.complete ? EXIT.ok : EXIT.incomplete;
}

async function soughtOf({ options, readStdin }: CommandContext): Promise<Sought> {
  const hash = options.text("hash");
  const fromStdin = options.flag("value-stdin") === true;
  if ((hash === undefined) === !fromStdin) {
    throw new AjarError("BAD_OPTION", "needs --hash or --value-stdin, and one of them only", {
      subject: "find",
      hint: "Write ajar data find TARGET --value-stdin, and the value on standard input.",
    });
  }
  if (hash === undefined) {
    const value = (await readStdin()).trim();
    if (value === "")
      throw new AjarError("BAD_OPTION", "standard input is empty", { subject: "--value-stdin", hint: "Pipe the value in." });
    return { value };
  }
  if (!/^[0-9a-f]{64}$/iu.test(hash)) {
    throw new AjarError("BAD_OPTION", "is no SHA-256 in hex", { subject: "--hash", hint: "docs/training-data.md says how it is made." });
  }
  return { hash, salt: options.text("salt") ?? "" };
}

function textOf({ rows, rowsRead, places, complete }: FoundValue, phrases: Phrases): string {
  const lines = [phrases.say(rows === 0 ? "data.find.none" : "data.find.found", { rows, read: rowsRead })];
  for (const { path, row, from, after, field } of places) {
    const place =
      row === null
        ? phrases.say("data.place-after", { path: safeText(path), from: from ?? 0, after: after ?? 0 })
        : phrases.say("data.place", { path: safeText(path), row });
    lines.push(`  ${phrases.join([place, field === "" ? "" : phrases.say("data.in-field", { field: safeText(field) })])}`);
  }
  if (!complete) lines.push(phrases.word("data.incomplete"));
  return `${lines.join("\n")}\n`;
}
