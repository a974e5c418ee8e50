import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT, type ExitCode } from "../../core/errors.ts";
import { VERSION } from "../../core/version.ts";
import { toJson } from "../../reports/json.ts";
import { LANGUAGES, type Language } from "../../reports/language.ts";
import { catalog, text } from "../../reports/messages.ts";
import { painter } from "../../reports/paint.ts";
import { safeText } from "../../reports/safe-text.ts";
import { pad, textWidth } from "../../reports/width.ts";
import { packageRoot, rulesVersion } from "../../rules/load.ts";
import type { CommandContext } from "../command.ts";
import { wantsColor } from "../terminal.ts";

type State = "ok" | "note" | "problem";

export interface Check {
  readonly id: string;
  readonly state: State;
  /** What was found; never a secret. */
  readonly value: string;
}

type Environment = CommandContext["env"];

const SYMBOLS: Readonly<Record<State, readonly [string, "good" | "unsure" | "bad"]>> = {
  ok: ["✓", "good"],
  note: ["-", "unsure"],
  problem: ["✗", "bad"],
};

/** `ajar doctor`: what Ajar finds on this machine. Connects to nothing. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const checks = runChecks(context);
  const { stdout, options, language } = context;
  if (options.flag("json") === true) await stdout.write(toJson({ version: VERSION, checks }));
  else await stdout.write(checkTable(checks, language, wantsColor(context, stdout)));
  return checks.some((check) => check.state === "problem") ? EXIT.usage : EXIT.ok;
}

function runChecks(context: CommandContext): readonly Check[] {
  const { env, language } = context;
  return [
    { id: "ajar", state: "ok", value: VERSION },
    nodeCheck(process.versions.node),
    rulesCheck(),
    gitCheck(),
    writableCheck("temporary", tmpdir()),
    { id: "language", state: "ok", value: language },
    { id: "hub", state: "ok", value: withoutCredentials(env["HF_ENDPOINT"] || "https://huggingface.co") },
    tokenCheck(env),
    hubCacheCheck(env),
    { id: "offline", state: isOn(env["HF_HUB_OFFLINE"]) || isOn(env["AJAR_OFFLINE"]) ? "note" : "ok", value: offlineValue(env) },
    ...["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS"].flatMap((name) => variableCheck(name, env)),
  ];
}

/** The least Node that runs Ajar; `engines` in package.json says the same. */
const LEAST_NODE = [22, 18] as const;

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return { id: "node", state: isEnough ? "ok" : "problem", value: isEnough ? version : `${version} < ${LEAST_NODE.join(".")}` };
}

function rulesCheck(): Check {
  try {
    for (const language of LANGUAGES) catalog(language);
    return { id: "rules", state: "ok", value: rulesVersion() };
  } catch (error) {
    return { id: "rules", state: "problem", value: `${packageRoot}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A tool that hangs must not hang the doctor. */
const TOOL_TIMEOUT_MS = 5000;

function gitCheck(): Check {
  try {
    const answer = execFileSync("git", ["--version"], { encoding: "utf8", timeout: TOOL_TIMEOUT_MS, stdio: ["ignore", "pipe", "ignore"] });
    return { id: "git", state: "ok", value: answer.trim().replace(/^git version /u, "") };
  } catch {
    return { id: "git", state: "note", value: "-" };
  }
}

function writableCheck(id: string, folder: string): Check {
  try {
    accessSync(folder, constants.W_OK);
    return { id, state: "ok", value: folder };
  } catch {
    return { id, state: "problem", value: folder };
  }
}

function tokenCheck(env: Environment): Check {
  const variable = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"].find((name) => (env[name] ?? "") !== "");
  if (variable !== undefined) return { id: "token", state: "ok", value: variable };
  const file = env["HF_TOKEN_PATH"] || join(hubHome(env), "token");
  return existsSync(file) ? { id: "token", state: "ok", value: file } : { id: "token", state: "note", value: "-" };
}

function hubHome(env: Environment): string {
  return env["HF_HOME"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "huggingface");
}

function hubCacheCheck(env: Environment): Check {
  const folder = env["HF_HUB_CACHE"] || join(hubHome(env), "hub");
  return { id: "hub-cache", state: existsSync(folder) ? "ok" : "note", value: folder };
}

function offlineValue(env: Environment): string {
  return ["HF_HUB_OFFLINE", "AJAR_OFFLINE"].find((name) => isOn(env[name])) ?? "-";
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && ["1", "true", "yes", "on"].includes(value.toLowerCase());
}

function variableCheck(name: string, env: Environment): readonly Check[] {
  const value = env[name] || env[name.toLowerCase()];
  if (value === undefined || value === "") return [];
  const state = name === "NODE_EXTRA_CA_CERTS" && !existsSync(value) ? "problem" : "ok";
  return [{ id: name, state, value: withoutCredentials(value) }];
}

/** User and password of a URL replaced by `***`. */
export function withoutCredentials(value: string): string {
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/|)[^/@]*@/iu, "$1***@");
}

function checkTable(checks: readonly Check[], language: Language, color: boolean): string {
  const paint = painter(color);
  const names = checks.map(({ id }) => (/^[A-Z_]+$/u.test(id) ? id : text({ id: `doctor.${id}` }, language)));
  const width = Math.max(...names.map(textWidth)) + 2;
  const lines = checks.map(({ state, value }, index) => {
    const [symbol, tone] = SYMBOLS[state];
    const word = text({ id: `doctor.state-${state}` }, language);
    return `${paint(tone, `${symbol} ${pad(word, 9)}`)}${pad(names[index] ?? "", width)}${safeText(value)}`.trimEnd();
  });
  return `${lines.join("\n")}\n`;
}
