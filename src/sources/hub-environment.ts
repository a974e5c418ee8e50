// What huggingface_hub reads from the environment, read the same way, so that a working set-up works here too.
// https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AjarError } from "../core/errors.ts";
import type { SourceContext } from "../core/source.ts";
import type { Credential } from "../http/types.ts";

type Environment = SourceContext["env"];

const DEFAULT_ENDPOINT = "https://huggingface.co";
/** A token is some forty characters; a file with more is not one. */
const MAX_TOKEN = 4096;
const TRUE_WORDS = new Set(["1", "ON", "YES", "TRUE"]);

/** HF_ENDPOINT or the public hub, without a trailing slash. @throws AjarError BAD_CONFIG */
export function hubEndpoint(env: Environment): URL {
  const stated = env["HF_ENDPOINT"]?.trim();
  const text = stated === undefined || stated === "" ? DEFAULT_ENDPOINT : stated;
  const url = URL.parse(text.replace(/\/+$/u, ""));
  const usable = url !== null && (url.protocol === "https:" || url.protocol === "http:") && url.search === "" && url.hash === "";
  if (!usable) {
    throw new AjarError("BAD_CONFIG", "HF_ENDPOINT: not an http or https address", {
      subject: "HF_ENDPOINT",
      hint: `For example ${DEFAULT_ENDPOINT}.`,
    });
  }
  if (url.username !== "" || url.password !== "") {
    throw new AjarError("BAD_CONFIG", "HF_ENDPOINT: holds a user or password", {
      subject: "HF_ENDPOINT",
      hint: "Put the token into HF_TOKEN.",
    });
  }
  return url;
}

/** True for `--offline`, HF_HUB_OFFLINE and its old name TRANSFORMERS_OFFLINE. */
export function isHubOffline(context: Pick<SourceContext, "offline" | "env">): boolean {
  const { env } = context;
  return context.offline || isTrue(filled(env["HF_HUB_OFFLINE"]) ?? env["TRANSFORMERS_OFFLINE"]);
}

/** Folder of the hub cache: HF_HUB_CACHE, else `hub` in HF_HOME; null when there is no home folder either. */
export function hubCacheFolder(context: Pick<SourceContext, "env" | "cwd">): string | null {
  const { env, cwd } = context;
  const stated = filled(env["HF_HUB_CACHE"]) ?? filled(env["HUGGINGFACE_HUB_CACHE"]);
  if (stated !== null) return resolve(cwd, expand(stated, env));
  const home = hubHome(env);
  return home === null ? null : resolve(cwd, home, "hub");
}

/**
 * The token and the one origin it belongs to: HF_TOKEN, its old name, then the token file. Null when there is none.
 * @throws AjarError BAD_CONFIG when it cannot be a token; its text is never shown
 */
export async function hubCredential(context: Pick<SourceContext, "env" | "cwd">, endpoint: URL): Promise<Credential | null> {
  const { env } = context;
  const fromEnvironment = filled(env["HF_TOKEN"]) ?? filled(env["HUGGING_FACE_HUB_TOKEN"]);
  const token = fromEnvironment ?? (isTrue(env["HF_HUB_DISABLE_IMPLICIT_TOKEN"]) ? null : await tokenFromFile(context));
  if (token === null) return null;
  if (token.length > MAX_TOKEN || !/^[\x21-\x7e]+$/u.test(token)) {
    throw new AjarError("BAD_CONFIG", "HF_TOKEN: not a token, it holds spaces or unusual characters or is too long", {
      subject: "HF_TOKEN",
    });
  }
  return { origin: endpoint.origin, authorization: `Bearer ${token}`, secrets: [token] };
}

async function tokenFromFile(context: Pick<SourceContext, "env" | "cwd">): Promise<string | null> {
  const { env, cwd } = context;
  const stated = filled(env["HF_TOKEN_PATH"]);
  const home = hubHome(env);
  const path = stated !== null ? resolve(cwd, expand(stated, env)) : home === null ? null : resolve(cwd, home, "token");
  if (path === null) return null;
  // No token file is the usual case, and an unreadable one is the same to us: we go on without.
  const text = await readFile(path, "utf8").catch(() => "");
  return filled(text);
}

function hubHome(env: Environment): string | null {
  const stated = filled(env["HF_HOME"]);
  if (stated !== null) return expand(stated, env);
  const cache = filled(env["XDG_CACHE_HOME"]);
  if (cache !== null) return join(expand(cache, env), "huggingface");
  const user = userHome(env);
  return user === null ? null : join(user, ".cache", "huggingface");
}

function userHome(env: Environment): string | null {
  return filled(env["HOME"]) ?? filled(env["USERPROFILE"]);
}

function expand(path: string, env: Environment): string {
  const user = userHome(env);
  return user !== null && (path === "~" || path.startsWith("~/")) ? join(user, path.slice(1)) : path;
}

function filled(value: string | undefined): string | null {
  const trimmed = value?.trim() ?? "";
  return trimmed === "" ? null : trimmed;
}

function isTrue(value: string | undefined): boolean {
  return TRUE_WORDS.has((value ?? "").trim().toUpperCase());
}
