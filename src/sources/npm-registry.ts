// Which registry, and with what credential: the settings npm itself takes from the environment.
import { AjarError } from "../core/errors.ts";
import { splitCredential } from "../http/credential.ts";
import type { Credential } from "../http/types.ts";

const DEFAULT_REGISTRY = "https://registry.npmjs.org";

/** Registry of a package: that of its scope, else `npm_config_registry`, else the public one. @throws AjarError BAD_CONFIG */
export function npmRegistry(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): { readonly url: URL; readonly credential: Credential | null } {
  const scope = name.startsWith("@") ? name.slice(0, name.indexOf("/")) : null;
  const settings = configOf(env);
  const stated = (scope === null ? undefined : settings.get(`${scope.toLowerCase()}:registry`)) ?? settings.get("registry");
  const address = URL.parse(stated ?? DEFAULT_REGISTRY);
  if (address === null || !/^https?:$/u.test(address.protocol)) {
    throw new AjarError("BAD_CONFIG", "npm_config_registry: not an http or https address", {
      subject: "npm_config_registry",
      hint: `For example ${DEFAULT_REGISTRY}.`,
    });
  }
  const { url, credential } = splitCredential(address);
  url.search = "";
  url.hash = "";
  return { url, credential: credential ?? tokenFor(url, settings) };
}

/** `npm_config_x` settings by lower-case name; empty ones are as good as absent. */
function configOf(env: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    const lower = name.toLowerCase();
    if (lower.startsWith("npm_config_") && value !== undefined && value.trim() !== "") settings.set(lower.slice(11), value.trim());
  }
  return settings;
}

/** `npm_config_//host/path/:_authToken`, looked up from the whole path to the host alone, as npm does. */
function tokenFor(url: URL, settings: ReadonlyMap<string, string>): Credential | null {
  let path = url.pathname.replace(/\/*$/u, "/");
  for (;;) {
    const token = settings.get(`//${url.host}${path}:_authtoken`.toLowerCase());
    if (token !== undefined && /^[\x21-\x7e]+$/u.test(token)) {
      return { origin: url.origin, authorization: `Bearer ${token}`, secrets: [token] };
    }
    if (path === "/") return null;
    path = path.slice(0, path.lastIndexOf("/", path.length - 2) + 1);
  }
}
