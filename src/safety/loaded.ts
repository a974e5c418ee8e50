// Which files a loader would open, by what lies beside them: an optimizer state that nothing loads is not shouted about.
import type { LoadState } from "../core/scan.ts";
import { loadRules } from "../rules/load.ts";

/** What is known of a file when this is asked. */
export interface LoadCandidate {
  readonly path: string;
  /** Understood as a format that loaders take: only such a file makes them leave others alone. */
  readonly isUnderstood: boolean;
}

interface Preference {
  readonly first: RegExp;
  readonly others: RegExp;
}

interface LoaderRules {
  readonly training: RegExp;
  readonly prefer: readonly Preference[];
}

let known: LoaderRules | undefined;

function loaderRules(): LoaderRules {
  const data = Object(loadRules("safety").get("loaders"));
  known ??= {
    training: anyOf(data["training"]),
    prefer: Array.from<unknown, Preference>(data["prefer"], (entry) => ({
      first: anyOf(Object(entry)["first"]),
      others: anyOf(Object(entry)["others"]),
    })),
  };
  return known;
}

/** File names given as globs, as one regular expression. */
function anyOf(globs: unknown): RegExp {
  const parts = (Array.isArray(globs) ? globs : []).map((glob) =>
    String(glob)
      .replace(/[.+?^${}()|[\]\\]/gu, "\\$&")
      .replaceAll("*", "[^/]*"),
  );
  return new RegExp(`^(?:${parts.join("|")})$`, "iu");
}

/** A state for each candidate, in the same order. */
export function loadStates(candidates: readonly LoadCandidate[]): readonly LoadState[] {
  const folders = new Map<string, LoadCandidate[]>();
  for (const candidate of candidates) {
    const folder = folderOf(candidate.path);
    const siblings = folders.get(folder) ?? [];
    siblings.push(candidate);
    folders.set(folder, siblings);
  }
  const preferred = new Map<string, readonly (string | null)[]>();
  for (const [folder, siblings] of folders)
    preferred.set(
      folder,
      loaderRules().prefer.map(({ first }) => takenFirst(first, siblings)),
    );
  return candidates.map(({ path }) => stateOf(path, preferred.get(folderOf(path)) ?? []));
}

function takenFirst(first: RegExp, siblings: readonly LoadCandidate[]): string | null {
  return siblings.find(({ path, isUnderstood }) => isUnderstood && first.test(nameOf(path)))?.path ?? null;
}

/** `taken`: for each preference, the file of this folder that loaders take. */
function stateOf(path: string, taken: readonly (string | null)[]): LoadState {
  const name = nameOf(path);
  const { training, prefer } = loaderRules();
  if (training.test(name)) return { loaded: "no", because: { id: "loaded.training" } };
  for (const [index, { others }] of prefer.entries()) {
    const file = taken[index] ?? null;
    if (file !== null && others.test(name)) return { loaded: "no", because: { id: "loaded.other-first", args: { file } } };
  }
  const isFirst = prefer.some(({ first }, index) => (taken[index] ?? null) !== null && first.test(name));
  return isFirst ? { loaded: "first", because: { id: "loaded.first" } } : { loaded: "unknown" };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
