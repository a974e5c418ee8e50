// Paths that files write down about other files. They must stay in the folder, however a loader cleans them.

export type PathFault =
  | "absolute"
  /** Leaves the folder. */
  | "traversal"
  /** Leaves it once a naive cleaner has dropped a part, or decoded it. */
  | "disguised"
  /** Control characters, NUL among them, at which C code stops. */
  | "control";

const ABSOLUTE = /^(?:[/\\~]|[A-Za-z]:|[a-z][a-z0-9+.-]*:\/\/)/iu;

function climbs(path: string): boolean {
  return path.split(/[/\\]/u).some((part) => part.trim() === "..");
}

/** Each way in which cleaners are known to be talked into a `..` that was not there before. */
function disguises(path: string): readonly string[] {
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // No percent encoding: nothing to decode.
  }
  const dropped = path.replaceAll(/\.\.[/\\]/gu, "");
  const halved = path.replaceAll(/(?<!\.)\.[/\\]/gu, "");
  return [decoded, dropped, halved, path.normalize("NFKC")];
}

/** What is wrong with a path that should name a file in the same folder or below; null when nothing is. */
export function pathFault(path: string): PathFault | null {
  for (let index = 0; index < path.length; index += 1) if (path.charCodeAt(index) < 32) return "control";
  if (ABSOLUTE.test(path)) return "absolute";
  if (climbs(path)) return "traversal";
  return disguises(path).some((other) => climbs(other) || ABSOLUTE.test(other)) ? "disguised" : null;
}

/** The path in the release that a file's own words lead to; null when they leave the release. */
export function resolvePath(from: string, path: string): string | null {
  const parts = from.split("/").slice(0, -1);
  for (const part of path.split(/[/\\]/u)) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}
