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
