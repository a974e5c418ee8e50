import { AjarError } from "../core/errors.ts";

export interface PackageReference {
  readonly name: string;
  /** Exact version or (npm) tag; null for the newest. */
  readonly version: string | null;
}

/** npm's own limit; PyPI's longest names are far shorter. */
const MAX_NAME = 214;
const MAX_VERSION = 128;
const NPM_NAME = /^(?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[a-z0-9~_-][a-z0-9._~-]*$/iu;
/** PEP 508. */
const PYPI_NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/iu;
/** One version or tag: a range (`^1`, `1.x || 2`) names no release. */
const NPM_VERSION = /^(?:v?\d+\.\d+\.\d+[0-9a-z.+-]*|[a-z][a-z0-9._-]*)$/iu;
const PYPI_VERSION = /^[0-9a-z][0-9a-z.+!_-]*$/iu;

/** Reads `npm:name[@version|tag]`, scoped names included. @throws AjarError BAD_REFERENCE */
export function parseNpmReference(reference: string): PackageReference {
  const bare = reference.replace(/^npm:/u, "");
  const at = bare.indexOf("@", 1);
  const name = at === -1 ? bare : bare.slice(0, at);
  const version = at === -1 ? null : bare.slice(at + 1);
  if (name.length > MAX_NAME || !NPM_NAME.test(name))
    throw bad(reference, "not an npm package name", "Write npm:name or npm:@scope/name@1.2.3.");
  if (version !== null && (version.length > MAX_VERSION || !NPM_VERSION.test(version))) {
    throw bad(reference, "not one version or tag", "Give an exact version or a tag: a range names no release.");
  }
  return { name, version };
}

/** Reads `pypi:name[@version]` or `pypi:name==version`. @throws AjarError BAD_REFERENCE */
export function parsePypiReference(reference: string): PackageReference {
  const bare = reference.replace(/^pypi:/u, "");
  const at = bare.search(/@|==/u);
  const name = at === -1 ? bare : bare.slice(0, at);
  const version = at === -1 ? null : bare.slice(at).replace(/^(?:@|==)/u, "");
  if (name.length > MAX_NAME || !PYPI_NAME.test(name))
    throw bad(reference, "not a PyPI project name", "Write pypi:name or pypi:name@1.2.3.");
  if (version !== null && (version.length > MAX_VERSION || !PYPI_VERSION.test(version))) {
    throw bad(reference, "not one version", "Give an exact version: a range names no release.");
  }
  return { name, version };
}

function bad(reference: string, problem: string, hint: string): AjarError {
  const subject = reference.slice(0, 200);
  return new AjarError("BAD_REFERENCE", `${subject}: ${problem}`, { subject, hint });
}
