import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { LoggedContent } from "../../gate/contract.ts";
import { isPublicKey, type PublicKey } from "../../gate/durable/keys.ts";
import { gateFolder } from "../../gate/durable/places.ts";
import { type Checkpoint, readCheckpoint } from "../../gate/log/checkpoint.ts";
import { type ContentKey, contentKey, unsealWith } from "../../gate/log/content.ts";
import type { Entry } from "../../gate/log/entry.ts";
import { entryId, HEAD_FILE, IDENTITY_FILE, readIdentity } from "../../gate/log/identity.ts";
import { type SelectedLine, type Selection, select } from "../../gate/log/select.ts";
import { type LogVerification, verifyLog } from "../../gate/log/verify.ts";
import { toJson } from "../../reports/json.ts";
import { safeText } from "../../reports/safe-text.ts";
import type { CommandContext } from "../command.ts";
import { entryLine, verificationTable } from "../gate/log-view.ts";
import { type InputRules, readInput } from "../input.ts";
import { optionsFor } from "../render-as.ts";

type Action = (path: string, context: CommandContext) => Promise<ExitCode>;

const ACTIONS: Readonly<Record<string, Action>> = { verify, show, export: exportLines, checkpoint };

/** The form of the JSON; changes when a key changes its meaning. */
const VERIFICATION = "ajar-log-verification/1";
const SHOWN = 20;
const SMALL: InputRules = {
  limitBytes: 64 * 1024,
  hints: { folder: "Name the file itself.", large: "This is no file of that kind.", missing: "Check the name." },
};

/** `ajar log ACTION [PATH]`: what a gate wrote down. @throws AjarError NOT_FOUND | UNREADABLE | BAD_OPTION | BAD_KEY */
export async function run(context: CommandContext): Promise<ExitCode> {
  const [name = "", path] = context.operands;
  const action = ACTIONS[name];
  if (action === undefined) throw new AjarError("BUG", `no action ${name}`);
  const place = path === undefined ? gateFolder(context.env, "log") : resolve(context.cwd, path);
  if (!existsSync(place)) {
    throw new AjarError("NOT_FOUND", "there is no log here", { subject: place, hint: "Name the folder of a log, or a file of entries." });
  }
  return action(place, context);
}

async function verify(path: string, context: CommandContext): Promise<ExitCode> {
  const key = keyOf(context);
  const kept = await checkpointOf(context);
  const verification = await verifyLog(path, {
    signal: context.signal,
    ...(key === undefined ? {} : { key }),
    ...(kept === undefined ? {} : { checkpoint: kept }),
  });
  const isJson = context.options.text("format") === "json";
  await context.stdout.write(
    isJson ? toJson({ format: VERIFICATION, ...verification }) : verificationTable(verification, optionsFor(context, true)),
  );
  return exitCode(verification);
}

/** 1: it was changed. 3: its last line is unfinished, which a crash leaves too, or nothing in it is signed yet. 4: nothing in it. */
function exitCode({ result, entries }: LogVerification): ExitCode {
  if (result === "tampered") return EXIT.policy;
  if (result === "incomplete" || result === "unsigned") return EXIT.incomplete;
  return entries === 0 ? EXIT.nothing : EXIT.ok;
}

function keyOf({ options }: CommandContext): PublicKey | undefined {
  const key = options.text("key");
  if (key === undefined || isPublicKey(key)) return key;
  throw new AjarError("BAD_OPTION", "is not a public key of a log", {
    subject: `--key ${key}`,
    hint: "Write it as log.json has it: ed25519:…",
  });
}

async function checkpointOf(context: CommandContext): Promise<Checkpoint | undefined> {
  const file = context.options.text("checkpoint");
  if (file === undefined) return undefined;
  const read = readCheckpoint((await readInput(file, context, SMALL)).trim());
  if (read !== null) return read;
  throw new AjarError("BAD_OPTION", "holds no checkpoint of a log", {
    subject: `--checkpoint ${file}`,
    hint: "ajar log checkpoint prints one to keep.",
  });
}

/** The latest checkpoint, to be kept where whoever can write the log cannot. */
async function checkpoint(path: string, { stdout }: CommandContext): Promise<ExitCode> {
  const file = join(path, HEAD_FILE);
  if (!existsSync(file)) {
    throw new AjarError("NOT_FOUND", "the log has no checkpoint yet", {
      subject: path,
      hint: "A gate signs one within seconds of an entry, and when it ends.",
    });
  }
  await stdout.write(readFileSync(file, "utf8"));
  return EXIT.ok;
}

async function exportLines(path: string, context: CommandContext): Promise<ExitCode> {
  const textsOf = await opener(path, context);
  let isEmpty = true;
  for await (const lines of select(path, selectionOf(context))) {
    context.signal.throwIfAborted();
    isEmpty = false;
    await context.stdout.write(lines.map(({ text, entry }) => `${withTexts(text, textsOf(entry))}\n`).join(""));
  }
  return isEmpty ? EXIT.nothing : EXIT.ok;
}

/** The line as it is, with what its content says as a last member. */
function withTexts(line: string, texts: LoggedContent | null): string {
  return texts === null ? line : `${line.slice(0, -1)},"texts":${JSON.stringify(texts)}}`;
}

async function show(path: string, context: CommandContext): Promise<ExitCode> {
  const textsOf = await opener(path, context);
  const limit = context.options.number("last") ?? SHOWN;
  let last: readonly SelectedLine[] = [];
  for await (const lines of select(path, selectionOf(context))) {
    context.signal.throwIfAborted();
    last = [...last, ...lines].slice(-limit);
  }
  for (const { entry } of last) {
    await context.stdout.write(entryLine(entry));
    const texts = textsOf(entry);
    for (const [mark, which] of [
      [">", "input"],
      ["<", "output"],
    ] as const) {
      const text = texts?.[which];
      const end = texts?.truncated?.includes(which) === true ? " …" : "";
      if (text !== undefined) await context.stdout.write(`    ${mark} ${safeText(text)}${end}\n`);
    }
  }
  return last.length === 0 ? EXIT.nothing : EXIT.ok;
}

/** Opens what an entry keeps of its texts; null where it keeps none, or no key was named. */
async function opener(path: string, context: CommandContext): Promise<(entry: Entry) => LoggedContent | null> {
  const files = context.options.list("content-key");
  if (files.length === 0) return () => null;
  const keys: ContentKey[] = [];
  for (const file of files) keys.push(contentKey(await readInput(file, context, SMALL), file));
  const log = idOf(path);
  return ({ content, seq }) => (content === undefined ? null : unsealWith(content, keys, entryId(log, seq)));
}

function idOf(path: string): string {
  const file = join(path, IDENTITY_FILE);
  const identity = existsSync(file) ? readIdentity(readFileSync(file, "utf8")) : null;
  if (identity !== null) return identity.id;
  throw new AjarError("BAD_OPTION", "content opens only where the log says which one it is", {
    subject: "--content-key",
    hint: "Name the folder of the log.",
  });
}

function selectionOf({ options }: CommandContext): Selection {
  const kind = options.text("kind");
  return {
    ...given("from", options.number("from")),
    ...given("to", options.number("to")),
    ...given("since", timeOf("since", options.text("since"))),
    ...given("until", timeOf("until", options.text("until"))),
    ...(kind === "act" || kind === "decision" ? { kind } : {}),
    ...given("model", options.text("model")),
    ...given("caller", options.text("caller")),
    ...given("outcome", options.text("outcome")),
    ...given("request", options.text("request")),
  };
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: V };
}

/** A day or a time, as the log writes times. */
function timeOf(option: string, stated: string | undefined): string | undefined {
  if (stated === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?$/u.test(stated) ? new Date(stated) : null;
  if (time !== null && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new AjarError("BAD_OPTION", `"${stated}" is neither a day nor a time in UTC`, {
    subject: `--${option}`,
    hint: "Write 2026-11-25 or 2026-11-25T10:00:00Z.",
  });
}
