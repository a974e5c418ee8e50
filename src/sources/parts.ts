import type { SourcePart } from "../core/source.ts";

/** One target of a release and what it was given for. */
export interface ReleasePart {
  readonly part: SourcePart;
  readonly reference: string;
}

/** Targets by the flag or key that named them: TARGET, `--code`, `--data`, `--docs`, `--weights`. */
export interface NamedTargets {
  readonly target?: string | undefined;
  readonly code?: readonly string[] | undefined;
  readonly data?: readonly string[] | undefined;
  readonly docs?: readonly string[] | undefined;
  readonly weights?: readonly string[] | undefined;
}

/** In this order they follow the main target, so that the same release is always audited in the same order. */
const NARROW_PARTS = ["code", "data", "docs", "weights"] as const satisfies readonly SourcePart[];

/** The targets that make one release, main target first, each pair of part and reference once. */
export function listParts(named: NamedTargets): readonly ReleasePart[] {
  const parts: ReleasePart[] = named.target === undefined ? [] : [{ part: "all", reference: named.target }];
  for (const part of NARROW_PARTS) {
    for (const reference of named[part] ?? []) {
      if (!parts.some((known) => known.part === part && known.reference === reference)) parts.push({ part, reference });
    }
  }
  return parts;
}

/** A release that the audited one derives from, and what the audited one calls it where that was said. */
export interface NamedParent {
  readonly reference: string;
  readonly name?: string;
}

/** The name of a model or data set, never a path: `owner/name`, `hf:owner/name`, `Cirrus 7B`. */
const NAMED = /^((?:hf:)?(?:datasets\/)?\w[\w.+ -]*(?:\/\w[\w.-]*)?)=(.+)$/su;

/** Reads `TARGET` or `NAME=TARGET`. */
export function parseParent(word: string): NamedParent {
  const match = NAMED.exec(word);
  return match === null ? { reference: word } : { name: match[1] ?? "", reference: match[2] ?? "" };
}
