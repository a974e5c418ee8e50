// What the names and types of tensors give away: the family of the architecture, and how weights are packed.
import type { ScannedTensor } from "../core/scan.ts";
import { loadRules } from "../rules/load.ts";

interface Trait {
  readonly value: string;
  readonly names: readonly RegExp[];
}

interface Traits {
  readonly families: readonly Trait[];
  readonly quantisations: readonly Trait[];
}

/** Names repeat from layer to layer: what is not among these is nowhere. */
const MAX_NAMES = 4000;
/** The number of a layer; patterns name none beyond the second. */
const HIGH_NUMBER = /(?<=^|[./])(?:[2-9]|[1-9]\d+)(?=$|[./])/gu;
/** Longer names are none of a framework, and patterns would take long over them. */
const MAX_NAME_LENGTH = 300;
let known: Traits | undefined;
/** What was made of the names of the file before: shards of one model have the same. */
let latest: { readonly names: string; readonly family: string | null; readonly quantisation: string | null } | undefined;

function traits(): Traits {
  const data = Object(loadRules("safety").get("architectures"));
  known ??= { families: traitsOf(data["families"], "family"), quantisations: traitsOf(data["quantisations"], "quantisation") };
  return known;
}

function traitsOf(entries: unknown, key: string): readonly Trait[] {
  return Array.from<unknown, Trait>(Array.isArray(entries) ? entries : [], (entry) => ({
    value: String(Object(entry)[key]),
    names: Array.from<unknown, RegExp>(Object(entry)["names"], (glob) => patternOf(String(glob))),
  }));
}

function patternOf(glob: string): RegExp {
  const parts = glob.split("**").map((part) => part.replace(/[.+?^${}()|[\]\\]/gu, "\\$&").replaceAll("*", "[^./]*"));
  return new RegExp(`^${parts.join(".*")}$`, "su");
}

function first(from: readonly Trait[], names: readonly string[]): string | null {
  return from.find((trait) => trait.names.every((pattern) => names.some((name) => pattern.test(name))))?.value ?? null;
}

function traitsOfNames(names: readonly string[]): NonNullable<typeof latest> {
  const key = JSON.stringify(names);
  if (latest?.names !== key) {
    latest = { names: key, family: first(traits().families, names), quantisation: first(traits().quantisations, names) };
  }
  return latest;
}

const FLOAT8 = /^F8_|FLOAT8/u;
const INT8 = /^(?:U?I8|U?INT8)$/u;
const FLOATING = /^(?:BF|F|FLOAT|BFLOAT)\d|^FLOAT$/u;

/** Of what type most weights are, when it is a narrow one. */
function narrowType(tensors: readonly ScannedTensor[]): string | null {
  const elements = new Map<string, number>();
  for (const { dtype, shape } of tensors) {
    let product = 1;
    for (const side of shape) product *= side;
    elements.set(dtype, (elements.get(dtype) ?? 0) + product);
  }
  const [most] = [...elements].filter(([dtype]) => FLOATING.test(dtype) || INT8.test(dtype)).sort(([, a], [, b]) => b - a);
  if (most === undefined) return null;
  return FLOAT8.test(most[0]) || INT8.test(most[0]) ? most[0].toLowerCase() : null;
}

/** Entries for `FormatReading.metadata`; what is not recognised is left out. */
export function traitsOfTensors(tensors: readonly ScannedTensor[]): ReadonlyMap<string, string> {
  const layers = tensors.slice(0, MAX_NAMES).filter(({ name }) => name.length <= MAX_NAME_LENGTH);
  const names = [...new Set(layers.map(({ name }) => name.replace(HIGH_NUMBER, "2")))];
  const { family, quantisation: packed } = traitsOfNames(names.sort());
  const quantisation = packed ?? narrowType(tensors);
  return new Map([
    ...(family === null ? [] : ([["architecture", family]] as const)),
    ...(quantisation === null ? [] : ([["quantization", quantisation]] as const)),
  ]);
}
