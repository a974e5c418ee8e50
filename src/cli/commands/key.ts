import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { gateFolder } from "../../gate/durable/places.ts";
import { type KeyRecord, newKey } from "../../gate/server/keys/key.ts";
import { changeKeys, readKeys } from "../../gate/server/keys/key-file.ts";
import { toJson } from "../../reports/json.ts";
import { text } from "../../reports/messages.ts";
import { safeText } from "../../reports/safe-text.ts";
import type { CommandContext } from "../command.ts";
import { keyTable } from "../gate/key-view.ts";
import { optionsFor } from "../render-as.ts";

type Action = (file: string, words: readonly string[], context: CommandContext) => Promise<ExitCode>;

const ACTIONS: Readonly<Record<string, Action>> = { create, list, revoke };
const DAY_MS = 86_400_000;

/** `ajar key ACTION`: API keys of a gate. @throws AjarError BAD_CONFIG | BAD_OPTION | NOT_FOUND | OUTPUT_UNWRITABLE | BUSY */
export async function run(context: CommandContext): Promise<ExitCode> {
  const [name = "", ...words] = context.operands;
  const action = ACTIONS[name];
  if (action === undefined) throw new AjarError("BUG", `no action ${name}`);
  const named = context.options.text("keys");
  const file = named === undefined ? join(gateFolder(context.env, "keys"), "keys.json") : resolve(context.cwd, named);
  return action(file, words, context);
}

/** The key alone goes to standard output, once; what is kept of it cannot be turned back into it. */
async function create(file: string, words: readonly string[], context: CommandContext): Promise<ExitCode> {
  if (words.length > 0) throw wrong({ subject: words.join(" "), message: "is one word too many", hint: "A name is given with --name." });
  const { key, id, sha256 } = newKey();
  const record: KeyRecord = { id, sha256, ...wishes(context) };
  const isFirst = !existsSync(file);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  changeKeys(file, (keys) => ({ keys: [...keys, record], result: null }));
  if (context.options.text("format") === "json") await context.stdout.write(toJson({ key, ...shown(record) }));
  else {
    await context.stderr.write(`${text({ id: "keys.created", args: { id, file: safeText(file) } }, context.language)}\n`);
    await context.stdout.write(`${key}\n`);
    if (isFirst) await context.stderr.write(`${text({ id: "keys.first" }, context.language)}\n`);
  }
  return EXIT.ok;
}

function wishes({ options, now }: CommandContext): Omit<KeyRecord, "id" | "sha256"> {
  const models = options.list("model");
  const endpoints = options.list("endpoint");
  const rights = (["admin", "metrics"] as const).filter((right) => options.flag(right) === true);
  // A key for the gate's own addresses asks no model unless it is told to.
  const isOperators = rights.length > 0 && models.length === 0 && endpoints.length === 0;
  const calls = isOperators ? [] : [...orAll(models).map((name) => `model:${name}`), ...orAll(endpoints).map((name) => `endpoint:${name}`)];
  return {
    name: options.text("name") ?? "",
    scopes: [...new Set([...calls, ...rights])].sort(),
    created: now().toISOString(),
    expires: expiry(options.text("expires"), now()),
    revoked: null,
    requestsPerMinute: options.number("requests-per-minute") ?? null,
    tokensPerMinute: options.number("tokens-per-minute") ?? null,
  };
}

function orAll(names: readonly string[]): readonly string[] {
  return names.length === 0 ? ["*"] : names;
}

/** A day, whose end it is, or so many days from now. @throws AjarError BAD_OPTION */
function expiry(word: string | undefined, now: Date): string | null {
  if (word === undefined) return null;
  const days = /^(\d{1,5})d$/u.exec(word)?.[1];
  if (days !== undefined) return new Date(now.getTime() + Number(days) * DAY_MS).toISOString();
  const end = /^\d{4}-\d{2}-\d{2}$/u.test(word) ? Date.parse(`${word}T00:00:00Z`) + DAY_MS : Number.NaN;
  if (Number.isNaN(end) || new Date(end - DAY_MS).toISOString().slice(0, 10) !== word) {
    throw wrong({ subject: `--expires ${word}`, message: "is neither a day nor a number of days", hint: "Write 2027-01-31, or 90d." });
  }
  if (end <= now.getTime()) throw wrong({ subject: `--expires ${word}`, message: "is over already", hint: "Name a later day." });
  return new Date(end).toISOString();
}

async function list(file: string, _words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const keys = readKeys(file);
  const isJson = context.options.text("format") === "json";
  await context.stdout.write(isJson ? toJson({ keys: keys.map(shown) }) : keyTable(keys, context.now(), optionsFor(context, true)));
  return EXIT.ok;
}

async function revoke(file: string, words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [id, ...more] = words;
  if (id === undefined || more.length > 0)
    throw wrong({ subject: "ajar key revoke", message: "takes the id of one key", hint: "ajar key list shows them." });
  const revoked = context.now().toISOString();
  changeKeys(file, (keys) => {
    const found = keys.find((key) => key.id === id);
    if (found === undefined) {
      throw new AjarError("NOT_FOUND", "there is no key with this id", { subject: safeText(id), hint: "ajar key list shows them." });
    }
    return { keys: keys.map((key) => (key === found ? { ...key, revoked: key.revoked ?? revoked } : key)), result: null };
  });
  await context.stderr.write(`${text({ id: "keys.revoked", args: { id } }, context.language)}\n`);
  return EXIT.ok;
}

function wrong({ subject, message, hint }: { readonly subject: string; readonly message: string; readonly hint: string }): AjarError {
  return new AjarError("BAD_OPTION", message, { subject, hint });
}

/** All that may be shown: not even the digest helps anybody. */
function shown({ sha256: _, ...record }: KeyRecord): Omit<KeyRecord, "sha256"> {
  return record;
}
