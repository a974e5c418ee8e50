import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { AjarError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { Source, SourceContext, SourceProvider } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import { shownInMessage } from "./paths.ts";

/** Providers that read the local disk, in the order they are asked about an existing path. */
const LOCAL_PROVIDERS: readonly string[] = ["git", "archive", "folder"];
/** At least two letters: `C:\models` is a path. */
const SCHEME = /^([a-z][a-z0-9+.-]+):/u;
/** Names of a folder looked at for a suggestion. */
const MAX_SUGGESTION_NAMES = 2000;

/**
 * Opens what a reference names. A scheme forces its provider; an existing path is local; else whoever claims it.
 * @throws AjarError BAD_REFERENCE with the nearest thing that exists, or whatever the provider throws
 */
export async function openSource(reference: string, context: SourceContext, providers: readonly SourceProvider[]): Promise<Source> {
  if (reference.trim() === "")
    throw new AjarError("BAD_REFERENCE", "the target is empty", { hint: "Name a folder, an archive or a model." });
  const scheme = SCHEME.exec(reference)?.[1];
  const forced = providers.find((provider) => scheme !== undefined && provider.schemes.includes(scheme));
  if (forced !== undefined) return forced.open(reference, context);
  const isLocal = !reference.includes("\0") && existsSync(resolve(context.cwd, reference));
  const asked = isLocal ? local(providers) : [...local(providers), ...providers.filter(({ id }) => !LOCAL_PROVIDERS.includes(id))];
  for (const provider of asked) {
    if (await provider.claims(reference, context)) return provider.open(reference, context);
  }
  throw unknownReference(reference, scheme, context, providers);
}

function local(providers: readonly SourceProvider[]): readonly SourceProvider[] {
  return LOCAL_PROVIDERS.flatMap((id) => providers.filter((provider) => provider.id === id));
}

function unknownReference(
  reference: string,
  scheme: string | undefined,
  context: SourceContext,
  providers: readonly SourceProvider[],
): AjarError {
  const schemes = [...new Set(providers.flatMap((provider) => provider.schemes))].sort(compareText);
  const shown = shownInMessage(reference);
  if (scheme !== undefined && !scheme.startsWith("http")) {
    const near = nearest(scheme, schemes);
    const hint = near === null ? `Known schemes: ${schemes.join(", ")}.` : `Did you mean ${near}:${shown.slice(scheme.length + 1)}?`;
    return new AjarError("BAD_REFERENCE", `${shown}: no source answers to ${scheme}:`, { subject: reference, hint });
  }
  const near = nearestPath(reference, context);
  const hint = near === null ? `Give a path, owner/name, or a scheme: ${schemes.join(", ")}.` : `Did you mean ${near}?`;
  return new AjarError("BAD_REFERENCE", `${shown}: neither an existing path nor a reference that any source knows`, {
    subject: reference,
    hint,
  });
}

/** The path as written with its last segment replaced by the nearest name that exists, or null. */
function nearestPath(reference: string, context: SourceContext): string | null {
  if (reference.includes("\0")) return null;
  try {
    const path = resolve(context.cwd, reference);
    const names = readdirSync(dirname(path)).slice(0, MAX_SUGGESTION_NAMES).sort(compareText);
    const near = nearest(basename(path), names);
    if (near === null) return null;
    const folder = dirname(reference);
    return shownInMessage(folder === "." ? near : `${folder}/${near}`);
  } catch {
    return null;
  }
}
