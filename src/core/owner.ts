/** Owner named by a reference such as `hf:owner/name`, a repository address or `owner__name`; null when it names none. */
export function ownerOfReference(reference: string): string | null {
  const ref = reference.replace(/[@#?].*$/u, "").replace(/\.git$/u, "");
  const last = ref.split(/[/\\]/u).at(-1) ?? "";
  const recorded = /^([\w.-]+?)__[\w.-]+$/u.exec(last.replace(/^recorded:/u, ""));
  if (recorded !== null) return recorded[1] ?? null;
  const named = /^(?:hf:(?:datasets\/)?|https?:\/\/[^/]+\/|git@[^:]+:)([\w.-]+)\/[\w.-]+$/u.exec(ref);
  return named?.[1] ?? null;
}
