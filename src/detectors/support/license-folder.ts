/** Metadata folder of a Python distribution: what it says is said of the whole package. */
export const DIST_INFO: RegExp = /^[^/]+\.(?:dist|egg)-info\//iu;

/** Folder that a license statement in a file governs: the file's own, `""` for the whole source. */
export function governedFolder(path: string): string {
  if (DIST_INFO.test(path)) return "";
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}
