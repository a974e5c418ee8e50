// Which bytes each tensor of a file has, and which tensors cannot be told by their bytes. Nothing is read here.
import type { UndigestedReason } from "../core/identity.ts";
import type { FormatReading, ScannedTensor } from "../core/scan.ts";
import { type ElementType, elementType } from "./dtypes.ts";
import type { TensorSpan } from "./sweep.ts";

export interface PlannedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Member of the container, or other file, that holds the bytes. */
  readonly member?: string;
  readonly span: TensorSpan;
}

export interface TensorPlan {
  readonly planned: readonly PlannedTensor[];
  /** Names that stand for the bytes of a planned tensor: tied weights. */
  readonly aliases: number;
  readonly undigested: ReadonlyMap<UndigestedReason, number>;
}

/** Tensors that lie out of order are put in order in memory, up to this many bytes each. */
const MAX_STRIDED_BYTES = 64 * 1024 ** 2;
/** Overlapping tensors could ask for the same bytes any number of times; honest views do so twice or thrice. */
const MAX_FACTOR = 4;
const FLOOR_BYTES = 64 * 1024 ** 2;
/** State of optimizers that HDF5 files keep beside the weights (keras/src/saving). */
const TRAINING = /^optimizer(?:_weights)?\//u;
/** An array file may go on behind its array. */
const OPEN_ENDED: readonly string[] = ["npy", "npz"];

/** Plans the tensors of one reading. `sizeBytes`: of the file; tensors elsewhere are checked once their place is known. */
export function planTensors(reading: FormatReading, sizeBytes: number): TensorPlan {
  const undigested = new Map<UndigestedReason, number>();
  const places = new Places();
  const planned: PlannedTensor[] = [];
  const isBig = reading.metadata.get("byte-order") === "big";
  const typeOf = typeReader();
  let aliases = 0;
  let left = sizeBytes * MAX_FACTOR + FLOOR_BYTES;
  for (const tensor of reading.tensors) {
    if (TRAINING.test(tensor.name)) continue;
    const plan = affordable(planOne(tensor, typeOf(tensor.dtype), reading.format, isBig), left);
    if (typeof plan === "string") {
      undigested.set(plan, (undigested.get(plan) ?? 0) + 1);
      continue;
    }
    if (!places.add(tensor, plan.span)) {
      aliases += 1;
      continue;
    }
    left -= plan.bytes;
    const { name, shape, member } = tensor;
    const { span } = plan;
    planned.push(member === undefined ? { name, shape, span } : { name, shape, span, member });
  }
  return { planned, aliases, undigested };
}

/** The places that have a name. A key is made only for those that begin where another does: few do. */
class Places {
  /** Start -> place in the two lists below. */
  readonly #first = new Map<number, number>();
  readonly #tensors: ScannedTensor[] = [];
  readonly #spans: TensorSpan[] = [];
  readonly #keys = new Set<string>();

  /** False when the same bytes are there already, taken the same way. */
  add(tensor: ScannedTensor, span: TensorSpan): boolean {
    const first = this.#first.get(span.start);
    if (first === undefined) {
      this.#first.set(span.start, this.#tensors.length);
      this.#tensors.push(tensor);
      this.#spans.push(span);
      return true;
    }
    const [other, otherSpan] = [this.#tensors[first], this.#spans[first]];
    if (other !== undefined && otherSpan !== undefined) this.#keys.add(placeKey(other, otherSpan));
    const key = placeKey(tensor, span);
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    return true;
  }
}

/** `elementType` that remembers its last answer: neighbours are of one type. */
function typeReader(): (dtype: string) => ElementType | null {
  let last: { readonly dtype: string; readonly type: ElementType | null } | null = null;
  return (dtype) => {
    if (last?.dtype !== dtype) last = { dtype, type: elementType(dtype) };
    return last.type;
  };
}

/** Equal for two names of the same bytes taken the same way. */
function placeKey({ member, shape, strides }: ScannedTensor, { start, end, dtype }: TensorSpan): string {
  return `${start} ${end} ${dtype} ${shape.join()} ${strides?.join() ?? ""} ${member ?? ""}`;
}

function affordable(plan: One | UndigestedReason, left: number): One | UndigestedReason {
  return typeof plan !== "string" && plan.bytes > left ? "over-limit" : plan;
}

interface One {
  readonly span: TensorSpan;
  /** Bytes that are hashed for it. */
  readonly bytes: number;
}

function planOne(tensor: ScannedTensor, type: ElementType | null, format: string, isBig: boolean): One | UndigestedReason {
  const { dtype, shape, place, strides } = tensor;
  // Scales of quantized numbers stand elsewhere: equal bytes are not equal weights.
  if (place === null || /^Q[IU]\d/u.test(dtype)) return "not-plain";
  if (type === null || (type.bits === null && isBig)) return "unknown-type";
  const { start } = place;
  const swapBytes = type.isBigEndian || isBig ? type.swapBytes : 1;
  const stored = place.end - start;
  const bytes = type.bits === null ? stored : bytesOf(shape, type.bits);
  if (bytes === null) return "size-differs";
  if (strides !== undefined && !shape.includes(0)) {
    return planStrided(type, { start, dtype: type.name, shape, swapBytes, end: place.end }, strides, bytes);
  }
  const isEnough = OPEN_ENDED.includes(format) ? bytes <= stored : bytes === stored;
  return isEnough ? { span: { start, dtype: type.name, shape, swapBytes, end: start + bytes }, bytes } : "size-differs";
}

function planStrided(type: ElementType, span: TensorSpan, strides: readonly number[], bytes: number): One | UndigestedReason {
  if (type.bits === null || type.bits % 8 !== 0) return "not-plain";
  const elementBytes = type.bits / 8;
  const last = span.shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? Number.NaN), 0);
  if (!strides.every((step) => Number.isSafeInteger(step) && step >= 0) || !Number.isSafeInteger(last)) return "not-plain";
  const end = span.start + (last + 1) * elementBytes;
  if (end > span.end) return "size-differs";
  if (end - span.start > MAX_STRIDED_BYTES || bytes > MAX_STRIDED_BYTES * MAX_FACTOR) return "over-limit";
  return { span: { ...span, end, strided: { strides, elementBytes } }, bytes: Math.max(bytes, end - span.start) };
}

/** Null when that is no whole number of bytes, or too many to count. */
function bytesOf(shape: readonly number[], bits: number): number | null {
  // Pickles write sizes with a sign.
  let all = bits;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) return null;
    all *= size;
  }
  if (shape.includes(0)) return 0;
  if (!Number.isSafeInteger(all)) return null;
  // Half a byte at the end of packed numbers is padded.
  return Math.ceil(all / 8);
}
