/** Rule data as an indented outline, close to the YAML it was written in. */
export function outline(value: unknown, indent = 2): readonly string[] {
  const margin = " ".repeat(indent);
  if (Array.isArray(value)) {
    if (value.every(isPlain)) return [`${margin}${value.join(", ")}`];
    return value.flatMap((item) => {
      const [first = "", ...rest] = outline(item, indent + 2);
      return [`${margin}- ${first.trimStart()}`, ...rest];
    });
  }
  if (typeof value !== "object" || value === null) return [`${margin}${String(value)}`];
  return Object.entries(value).flatMap(([key, item]) =>
    isPlain(item) || (Array.isArray(item) && item.every(isPlain))
      ? [`${margin}${key}: ${Array.isArray(item) ? item.join(", ") : String(item)}`]
      : [`${margin}${key}:`, ...outline(item, indent + 2)],
  );
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}
