// What a git reference names: a repository on this disk or behind a URL, and the revision asked for.
import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AjarError } from "../core/errors.ts";
import type { SourceContext } from "../core/source.ts";
import { findRepository, type GitRepository, isBareRepository, requireRepository } from "./git-view.ts";
import { shownInMessage } from "./paths.ts";

export type GitReference = {
  /** As written, without the revision. */
  readonly base: string;
  /** Branch, tag or commit; `HEAD` when none was given. */
  readonly revision: string;
} & ({ readonly kind: "local"; readonly repository: GitRepository } | { readonly kind: "remote"; readonly url: string });

const DEFAULT_REVISION = "HEAD";
/** git-check-ref-format(1) forbids control characters and spaces; a leading dash would be an option. */
const REVISION = /^(?!-)[^\p{Cc}\p{Cs} ]{1,250}$/u;
/** A plain URL is taken for a repository only when it says so. */
const PLAIN_URL = /^https:\/\/[^\s]+\.git(?:@[^\s@]+)?$/u;

/** Repository pages of public forges, as people copy them from the address bar. */
const FORGE_PAGE = /^https:\/\/(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|gitee\.com)\/[\w.-]+\/[\w.-]+\/?(?:@[^\s@]+)?$/u;

/** Whether a reference without a scheme is git's: a URL of a repository, a bare repository, or CHECKOUT@REVISION. */
export function claimsGit(reference: string, context: SourceContext): boolean {
  if (PLAIN_URL.test(reference) || FORGE_PAGE.test(reference)) return true;
  const path = resolve(context.cwd, reference);
  return existsSync(path) ? isBareRepository(path) : splitLocal(reference, context) !== null;
}

/** @throws AjarError BAD_REFERENCE | NOT_FOUND */
export function parseGitReference(reference: string, context: SourceContext): GitReference {
  const rest = reference.replace(/^git\+file:|^git:(?!\/\/)|^git\+(?=https?:)/u, "");
  const parsed = /^https?:/u.test(rest) ? remoteReference(reference, rest) : localReference(reference, rest, context);
  if (!REVISION.test(parsed.revision)) throw bad(reference, `${shownInMessage(parsed.revision)} is not a revision`);
  return parsed;
}

function remoteReference(reference: string, written: string): GitReference {
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url === null) throw bad(reference, "not a URL");
  if (url.username !== "" || url.password !== "") {
    throw new AjarError("BAD_REFERENCE", "the URL holds a user name or password, which reports would repeat", {
      hint: "Clone the repository yourself and audit the folder.",
    });
  }
  const isLoopback = url.hostname === "127.0.0.1" || url.hostname === "localhost" || url.hostname === "[::1]";
  if (url.protocol !== "https:" && !isLoopback) throw bad(reference, "only https is spoken: anything else can be altered on the way");
  if (url.search !== "" || url.hash !== "") throw bad(reference, "a query or fragment has no meaning here");
  const at = url.pathname.indexOf("@");
  const revision = at === -1 ? DEFAULT_REVISION : decodeURIComponent(url.pathname.slice(at + 1));
  url.pathname = (at === -1 ? url.pathname : url.pathname.slice(0, at)).replace(/\/+$/u, "");
  const base = reference.startsWith("git") ? `git+${url.href}` : url.href;
  return { kind: "remote", base, revision, url: url.href };
}

function localReference(reference: string, written: string, context: SourceContext): GitReference {
  if (/^[a-z][a-z0-9+.-]+:/u.test(reference) && written === reference) throw bad(reference, "this protocol is not spoken; use git+https:");
  const path = written.startsWith("//") ? fileUrlPath(reference, written) : written;
  const prefix = reference.slice(0, reference.length - written.length);
  const split = splitLocal(path, context);
  if (split !== null) return { kind: "local", base: `${prefix}${split.path}`, revision: split.revision, repository: split.repository };
  const repository = requireRepository(realFolder(path, context));
  return { kind: "local", base: `${prefix}${path}`, revision: DEFAULT_REVISION, repository };
}

function fileUrlPath(reference: string, written: string): string {
  try {
    return fileURLToPath(`file:${written}`);
  } catch {
    throw bad(reference, "not a file URL");
  }
}

interface LocalSplit {
  readonly path: string;
  readonly revision: string;
  readonly repository: GitRepository;
}

/** PATH@REVISION, split at the first `@` that has a repository before it; null when there is none. */
function splitLocal(written: string, context: SourceContext): LocalSplit | null {
  if (written.includes("\0") || existsSync(resolve(context.cwd, written))) return null;
  for (let at = written.indexOf("@", 1); at !== -1; at = written.indexOf("@", at + 1)) {
    const path = written.slice(0, at);
    const repository = existsSync(resolve(context.cwd, path)) ? findRepository(realFolder(path, context)) : null;
    if (repository !== null) return { path, revision: written.slice(at + 1), repository };
  }
  return null;
}

function realFolder(path: string, context: SourceContext): string {
  const absolute = resolve(context.cwd, path);
  return existsSync(absolute) ? realpathSync(absolute) : absolute;
}

function bad(reference: string, problem: string): AjarError {
  const shown = shownInMessage(reference);
  return new AjarError("BAD_REFERENCE", `${shown}: ${problem}`, {
    subject: reference,
    hint: "Write PATH@REVISION, git+file:PATH[@REVISION] or git+https://HOST/PATH.git[@REVISION].",
  });
}
