// One command line, from words to exit code.
import { EXIT, type ExitCode } from "../core/errors.ts";
import { chooseLanguage, type Language } from "../reports/language.ts";
import type { Arguments } from "./arguments.ts";
import { parseArguments, parseCommand } from "./arguments.ts";
import type { CommandContext, CommandRun, CommandSpec } from "./command.ts";
import { COMMANDS, SAME_COMMANDS } from "./command-table.ts";
import { reportFailure } from "./failure.ts";

export type Surroundings = Pick<CommandContext, "env" | "cwd" | "stdout" | "stderr" | "readStdin" | "stdin" | "signal" | "now">;

/** Loaded only when asked for: `ajar license` never pays for the audit. */
const LOADERS: Readonly<Record<string, () => Promise<{ readonly run: CommandRun }>>> = {
  audit: () => import("./commands/audit.ts"),
  use: () => import("./commands/use.ts"),
  scan: () => import("./commands/scan.ts"),
  data: () => import("./commands/data.ts"),
  report: () => import("./commands/report.ts"),
  worker: () => import("./commands/worker.ts"),
  serve: () => import("./commands/serve.ts"),
  ui: () => import("./commands/ui.ts"),
  catalogue: () => import("./commands/catalogue.ts"),
  digest: () => import("./commands/digest.ts"),
  sign: () => import("./commands/sign.ts"),
  verify: () => import("./commands/verify.ts"),
  key: () => import("./commands/key.ts"),
  shut: () => import("./commands/shut.ts"),
  open: () => import("./commands/open.ts"),
  doors: () => import("./commands/doors.ts"),
  recall: () => import("./commands/recall.ts"),
  log: () => import("./commands/log.ts"),
  compare: () => import("./commands/compare.ts"),
  diff: () => import("./commands/diff.ts"),
  recheck: () => import("./commands/recheck.ts"),
  explain: () => import("./commands/explain.ts"),
  license: () => import("./commands/license.ts"),
  doctor: () => import("./commands/doctor.ts"),
  completion: () => import("./commands/completion.ts"),
  schema: () => import("./commands/schema.ts"),
  help: () => import("./commands/help.ts"),
};

/** Runs a command line; failures are told on stderr (and as JSON on stdout where JSON was asked for) and become the exit code. */
export async function run(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  const language = chooseLanguage(wordAfter(argv, "--lang"), around.env);
  try {
    return await dispatch(argv, around, language);
  } catch (error) {
    return await reportFailure(error, { ...around, language, json: wantsJson(argv, around.env) });
  }
}

async function dispatch(argv: readonly string[], around: Surroundings, language: Language): Promise<ExitCode> {
  const first = argv.find((word) => word !== "--lang" && !word.startsWith("--lang="));
  if (first === "--version" || first === "-V") return await printVersion(around);
  const words =
    first === undefined || first === "--help" || first === "-h" ? ["help", ...argv.filter((word) => word !== first)] : [...argv];
  const { command, args } = parseLine(words, around.env);
  const isHelp = args.options.flag("help") === true;
  const load = LOADERS[isHelp ? "help" : command.name];
  if (load === undefined) return EXIT.bug;
  const operands = isHelp ? [command.name] : args.operands;
  const { run: runCommand } = await load();
  const code = await runCommand({ ...around, language, options: args.options, operands });
  // Bare `ajar` says how to use it, but did nothing that was asked for.
  return first === undefined ? EXIT.usage : code;
}

function parseLine(words: readonly string[], env: Surroundings["env"]): { command: CommandSpec; args: Arguments } {
  const [first = "help", second = ""] = words;
  const other = SAME_COMMANDS[`${first} ${second}`];
  const command = parseCommand(other ?? first, COMMANDS);
  return { command, args: parseArguments(command, words.slice(other === undefined ? 1 : 2), env) };
}

async function printVersion(around: Surroundings): Promise<ExitCode> {
  const { VERSION } = await import("../core/version.ts");
  await around.stdout.write(`ajar ${VERSION}\n`);
  return EXIT.ok;
}

/** The value of an option before anything is parsed: errors of parsing must already speak the right language and format. */
function wordAfter(argv: readonly string[], option: string): string | undefined {
  const at = argv.lastIndexOf(option);
  const joined = argv.findLast((word) => word.startsWith(`${option}=`));
  return joined?.slice(option.length + 1) ?? (at === -1 ? undefined : argv[at + 1]);
}

function wantsJson(argv: readonly string[], env: Surroundings["env"]): boolean {
  if (argv.includes("-fjson") || argv.includes("-f=json") || argv.includes("--json")) return true;
  const format = wordAfter(argv, "--format") ?? wordAfter(argv, "-f");
  return format === undefined ? env["AJAR_FORMAT"] === "json" : format === "json";
}
