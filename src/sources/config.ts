// ajar.yaml: the parts of a release and a value for any flag. docs/sources.md describes it.
// YAML and schema checker are loaded only when there is a file to read: most audits have none.
import { existsSync, realpathSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { AjarError } from "../core/errors.ts";
import { DEFAULT_LIMITS } from "../core/source.ts";
import { ReadBudget } from "./limits.ts";
import { readLocalFile } from "./local-file.ts";
import { listParts, parseParent, type ReleasePart } from "./parts.ts";
import { shownInMessage } from "./paths.ts";

const CONFIG_NAME = "ajar.yaml";
/** A page of settings; more is not a configuration. */
const CONFIG_BYTES = 256 * 1024;

export type ConfigValue = boolean | number | string | readonly string[];

export interface Config {
  /** As the user may write it. */
  readonly path: string;
  /** Targets of the release it names, references relative to the working folder; empty when it names none. */
  readonly parts: readonly ReleasePart[];
  /** Values by flag name without dashes: `accept-claims`, `max-bytes`, `standard`. */
  readonly settings: ReadonlyMap<string, ConfigValue>;
  /** `ajar.yaml:7` for a setting, to begin a message with. */
  placeOf(setting: string): string;
}

export interface LocatedConfig {
  /** File to read, or null when there is none. */
  readonly path: string | null;
  /** `./ajar.yaml` that was passed over because it lies inside what is audited. */
  readonly ignored: string | null;
}

/**
 * Which configuration applies: the named one, else `./ajar.yaml`. One that lies inside a folder named as target is not
 * trusted, since a release could loosen its own audit with it; name it with --config to use it.
 */
export function locateConfig(named: string | undefined, cwd: string, targets: readonly string[]): LocatedConfig {
  if (named !== undefined) return { path: named, ignored: null };
  const path = resolve(cwd, CONFIG_NAME);
  if (!existsSync(path)) return { path: null, ignored: null };
  return isInsideTarget(path, cwd, targets) ? { path: null, ignored: CONFIG_NAME } : { path: CONFIG_NAME, ignored: null };
}

/** Whether a file that exists lies in a folder that is to be audited, whatever links lead there. */
export function isInsideTarget(path: string, cwd: string, targets: readonly string[]): boolean {
  return targets.some((target) => holds(resolve(cwd, target.replace(/^[a-z][a-z0-9+.-]+:(?:\/\/)?/u, "")), resolve(cwd, path)));
}

function holds(target: string, file: string): boolean {
  // `PATH@REVISION` names PATH.
  const folder = [target, target.slice(0, Math.max(0, target.lastIndexOf("@")))].find((path) => path !== "" && existsSync(path));
  if (folder === undefined) return false;
  const real = realpathSync(folder);
  return realpathSync(file).startsWith(real.endsWith(sep) ? real : `${real}${sep}`);
}

/** Reads a configuration file. @throws AjarError BAD_CONFIG naming file and line */
export async function readConfig(path: string, cwd: string): Promise<Config> {
  const shown = shownInMessage(path);
  const text = await readText(resolve(cwd, path), shown);
  const { parseConfig } = await import("./config-schema.ts");
  const { targets, settings, lineOf } = parseConfig(text, shown);
  const folder = dirname(resolve(cwd, path));
  const parts = listParts(targets).map(({ part, reference }) => ({ part, reference: rebase(reference, folder, cwd) }));
  const placed = new Map(settings);
  const parents = settings.get("parent");
  if (Array.isArray(parents)) {
    const moved = parents.map(parseParent).map(({ name, reference }) => {
      const target = rebase(reference, folder, cwd);
      return name === undefined ? target : `${name}=${target}`;
    });
    placed.set("parent", moved);
  }
  return { path, parts, settings: placed, placeOf: (setting) => `${shown}:${lineOf(setting)}` };
}

async function readText(path: string, shown: string): Promise<string> {
  try {
    const file = { path: realpathSync(path), shown };
    const range = { start: 0, length: CONFIG_BYTES + 1 };
    const { bytes } = await readLocalFile({ file, range, budget: new ReadBudget(DEFAULT_LIMITS), expected: undefined });
    if (bytes.length > CONFIG_BYTES) throw new AjarError("BAD_CONFIG", `${shown}: larger than ${CONFIG_BYTES} bytes`, { subject: shown });
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof AjarError && cause.code === "BAD_CONFIG") throw cause;
    const what = cause instanceof TypeError ? "not UTF-8 text" : "cannot be read";
    throw new AjarError("BAD_CONFIG", `${shown}: ${what}`, { subject: shown, hint: "Name an existing YAML file with --config.", cause });
  }
}

const LOCAL_SCHEME = /^(?:file|git\+file|git|archive|recorded|mot|osaii):(?!\/|https?:)/u;

/** A path in the file is meant from where the file lies. */
function rebase(reference: string, folder: string, cwd: string): string {
  if (folder === cwd) return reference;
  const scheme = LOCAL_SCHEME.exec(reference)?.[0] ?? "";
  const path = reference.slice(scheme.length);
  const isPath = scheme !== "" || existsSync(resolve(folder, path)) || existsSync(resolve(folder, path.replace(/@[^@]*$/u, "")));
  return isPath ? `${scheme}${relative(cwd, resolve(folder, path)) || "."}` : reference;
}
