// What the files of a release say together: copies that are safer, links that leave, files that servers run (RP05, RP07, RP08).
import type { SafetyHit } from "../core/scan.ts";
import type { ListedFile } from "./cross-file.ts";
import { hitOf } from "./rules.ts";

/** Hits by the path of the file that they are about. */
export function releaseHits(files: readonly ListedFile[]): ReadonlyMap<string, readonly SafetyHit[]> {
  const found = new Map<string, SafetyHit[]>();
  const add = (path: string, hit: SafetyHit): void => {
    found.set(path, [...(found.get(path) ?? []), hit]);
  };
  for (const file of files) {
    const link = linkHit(file);
    if (link !== null) add(file.path, link);
    // Inference Endpoints and TorchServe look for these names at the root and run them.
    if (/^(?:handler|inference)\.py$/u.test(file.path)) add(file.path, hitOf("RP05", { start: 0, end: 1, args: { path: file.path } }));
  }
  for (const [path, safer] of saferCopies(files)) add(path, hitOf("RP08", { start: 0, end: 1, args: { path: safer } }));
  return found;
}

function linkHit({ path, content, target = "" }: ListedFile): SafetyHit | null {
  if (content === "submodule") return hitOf("RP07", { start: 0, end: 1, variant: "submodule", args: { target }, severity: "info" });
  if (content === "lfs-pointer") return hitOf("RP07", { start: 0, end: 1, variant: "pointer", severity: "info" });
  if (content !== "symlink" || !leaves(path, target)) return null;
  return hitOf("RP07", { start: 0, end: 1, variant: "link", args: { target }, quote: target });
}

/** Whether a link's target lies outside of the release. */
function leaves(path: string, target: string): boolean {
  if (/^(?:[/\\]|[A-Za-z]:)/u.test(target)) return true;
  let depth = path.split("/").length - 1;
  for (const part of target.split(/[/\\]/u)) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/** Files that execute, and beside each the safetensors file of the same name that holds the same tensors. */
function saferCopies(files: readonly ListedFile[]): readonly (readonly [string, string])[] {
  const stem = (path: string): string =>
    path
      .replace(/\.[^./]+$/u, "")
      .replace(/pytorch_model/u, "model")
      .replace(/^pytorch_/u, "");
  const safe = new Map(files.filter(isSafe).map(({ path }) => [stem(path), path]));
  return files.flatMap((file) => {
    const copy = file.scan?.risk === "executes-by-design" && tensorsOf(file) > 0 ? safe.get(stem(file.path)) : undefined;
    return copy === undefined ? [] : [[file.path, copy] as const];
  });
}

function isSafe({ path, scan }: ListedFile): boolean {
  return path.endsWith(".safetensors") && scan?.coverage.state === "full" && scan.risk === "cannot-execute";
}

function tensorsOf({ scan }: ListedFile): number {
  return scan?.readings[0]?.tensors.length ?? 0;
}

/** What somebody else states for a content (SHA-256, hex) against the digest that was computed of it. */
export function digestHits(stated: string | undefined, digest: string, sizeBytes: number): readonly SafetyHit[] {
  if (stated === undefined || !digest.startsWith("sha256:") || digest === `sha256:${stated}`) return [];
  return [hitOf("RP09", { start: 0, end: sizeBytes, args: { stated }, quote: stated })];
}
