import { AjarError } from "../core/errors.ts";

type HubRepositoryKind = "model" | "dataset";

export interface HubReference {
  readonly kind: HubRepositoryKind;
  /** `owner/name`, or one name for the hub's oldest repositories. */
  readonly id: string;
  /** Branch, tag, `refs/pr/N` or commit; null for the default branch. */
  readonly revision: string | null;
}

/** The hub's own limit for owner and name. */
const MAX_NAME = 96;
/** Git refuses longer names on common file systems. */
const MAX_REVISION = 250;
const HINT = "Write hf:owner/name, hf:owner/name@revision or hf:datasets/owner/name.";

/**
 * Reads `hf:owner/name[@rev]`, `hf:datasets/owner/name[@rev]` or a bare `owner/name[@rev]`.
 * @throws AjarError BAD_REFERENCE
 */
export function parseHubReference(reference: string): HubReference {
  const bare = reference.replace(/^hf:(?:\/\/)?/u, "");
  const at = bare.indexOf("@");
  const path = at === -1 ? bare : bare.slice(0, at);
  const revision = at === -1 ? null : bare.slice(at + 1);
  const segments = path.split("/");
  const first = segments[0];
  if (first === "spaces") throw bad(reference, "spaces are not releases; only models and datasets can be audited");
  const isTyped = (first === "datasets" || first === "models") && segments.length > 1;
  const names = isTyped ? segments.slice(1) : segments;
  if (names.length > 2 || !names.every(isHubName)) throw bad(reference, "not a repository of the hub");
  if (revision !== null && !isRevision(revision)) throw bad(reference, "not a revision");
  return { kind: first === "datasets" && isTyped ? "dataset" : "model", id: names.join("/"), revision };
}

/** Whether a reference without a scheme reads as `owner/name[@rev]` and as nothing else on the hub. */
export function looksLikeHubId(reference: string): boolean {
  const [path, revision] = splitOnce(reference, "@");
  const names = path.split("/");
  return names.length === 2 && names[0] !== "datasets" && names.every(isHubName) && (revision === null || isRevision(revision));
}

/** The reference to write again, revision pinned. */
export function hubReferenceText(reference: HubReference, revision: string | null): string {
  const prefix = reference.kind === "dataset" ? "datasets/" : "";
  return `hf:${prefix}${reference.id}${revision === null ? "" : `@${revision}`}`;
}

function splitOnce(text: string, separator: string): readonly [string, string | null] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

// huggingface_hub's validate_repo_id: word characters, `-` and `.`, no `--` or `..`, not at either end.
function isHubName(name: string): boolean {
  if (name.length === 0 || name.length > MAX_NAME) return false;
  return /^\w(?:[\w.-]*\w)?$/u.test(name) && !name.includes("--") && !name.includes("..");
}

function isRevision(revision: string): boolean {
  if (revision.length === 0 || revision.length > MAX_REVISION) return false;
  return /^[\w./+-]+$/u.test(revision) && !revision.includes("..") && !revision.startsWith("/") && !revision.startsWith("-");
}

function bad(reference: string, problem: string): AjarError {
  const subject = reference.slice(0, 200);
  return new AjarError("BAD_REFERENCE", `${subject}: ${problem}`, { subject, hint: HINT });
}
