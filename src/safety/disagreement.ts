// Name, first bytes and parsers should tell one story (ZP11). Where they do not, some loader will see something else than we.
import type { FormatReading, SafetyHit, ScanCoverage } from "../core/scan.ts";
import { loadRules } from "../rules/load.ts";
import { isPlain } from "./plain.ts";
import { hitOf } from "./rules.ts";
import type { FileView } from "./scanner.ts";

interface Promises {
  readonly byExtension: ReadonlyMap<string, readonly string[]>;
  readonly harmless: ReadonlySet<string>;
  readonly within: ReadonlyMap<string, string>;
}

let known: Promises | undefined;

function promises(): Promises {
  const data = Object(loadRules("safety").get("formats"));
  known ??= {
    byExtension: new Map(Object.entries(Object(data["extensions"]))),
    harmless: new Set(data["harmless"]),
    within: new Map(Object.entries(Object(data["within"]))),
  };
  return known;
}

function extensionOf(path: string): string {
  return /\.([a-z0-9]+)$/iu.exec(path)?.[1]?.toLowerCase() ?? "";
}

interface Disagreement {
  readonly hits: readonly SafetyHit[];
  /** Present when no reader understood the file and something in it may be loaded. */
  readonly coverage: ScanCoverage | null;
}

/** `understood` are the readings with any coverage, `claimed` all of them. */
export function disagreements(view: FileView, understood: readonly FormatReading[], claimed: readonly FormatReading[]): Disagreement {
  const formats = [...new Set(understood.map(({ format }) => format))];
  if (formats.length === 0) return nothingUnderstood(view, claimed);
  const hits: SafetyHit[] = [];
  const whole = { start: 0, end: Math.min(view.sizeBytes, 16) };
  if (understood.length > 1 && kindsOf(understood) > 1) {
    hits.push(hitOf("ZP11", { ...whole, variant: "polyglot", args: { formats: formats.join(", ") }, severity: "high" }));
  }
  const extension = extensionOf(view.path);
  const promised = promises().byExtension.get(extension);
  if (promised !== undefined && !formats.some((format) => promised.includes(format))) {
    const executes = understood.some(({ risk }) => risk !== "cannot-execute");
    const args = { extension, format: formats.join(", ") };
    const severity = executes && promises().harmless.has(extension) ? ({ severity: "high" } as const) : {};
    hits.push(hitOf("ZP11", { ...whole, args, ...severity }));
  }
  return { hits, coverage: null };
}

/** How many formats a file certainly is at once. */
function kindsOf(understood: readonly FormatReading[]): number {
  const kinds = new Set(understood.filter(isCertain).map(({ format }) => promises().within.get(format) ?? format));
  // Anything may be text as well: a pickle of protocol 0, a script, a configuration.
  kinds.delete("text");
  return kinds.size;
}

/** Read in full, or far enough to have found something: bytes that only begin alike are no second format. */
function isCertain({ coverage, hits, tensors }: FormatReading): boolean {
  return coverage.state === "full" || hits.length > 0 || tensors.length > 0;
}

function nothingUnderstood(view: FileView, claimed: readonly FormatReading[]): Disagreement {
  // A broken file that some reader claimed says so by itself.
  if (claimed.length > 0) return { hits: [], coverage: null };
  const extension = extensionOf(view.path);
  const isPromised = promises().byExtension.has(extension);
  if (!isPromised && (view.sizeBytes === 0 || isPlain(view.head))) return { hits: [], coverage: null };
  const hits = isPromised ? [hitOf("ZP11", { start: 0, end: Math.min(view.sizeBytes, 16), variant: "unknown", args: { extension } })] : [];
  const detail = isPromised ? `no reader knows the content behind .${extension}` : "no reader knows this content";
  return { hits, coverage: { state: "none", code: "unknown-format", detail, offset: 0 } };
}
