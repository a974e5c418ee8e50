// A wheel's RECORD: one line per file, `path,sha256=<base64url>,<size>` (Binary distribution format, "The .dist-info directory").

/** Path -> claimed SHA-256 in hex, for the lines that state one. */
export function recordClaims(text: string): ReadonlyMap<string, string> {
  const claims = new Map<string, string>();
  for (const line of text.split("\n")) {
    const trimmed = line.trimEnd();
    const size = trimmed.lastIndexOf(",");
    const digest = trimmed.lastIndexOf(",", size - 1);
    if (size <= 0 || digest <= 0) continue;
    const hex = sha256Of(trimmed.slice(digest + 1, size));
    if (hex !== null) claims.set(unquoted(trimmed.slice(0, digest)), hex);
  }
  return claims;
}

function sha256Of(field: string): string | null {
  if (!field.startsWith("sha256=") || field.length > 60) return null;
  const bytes = Buffer.from(field.slice("sha256=".length), "base64url");
  return bytes.byteLength === 32 ? bytes.toString("hex") : null;
}

function unquoted(path: string): string {
  return path.startsWith('"') && path.endsWith('"') && path.length > 1 ? path.slice(1, -1).replaceAll('""', '"') : path;
}
