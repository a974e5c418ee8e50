// The tensors of a pickle as a list: names looked up, places worked out inside their storages.
import type { ScannedTensor } from "../../core/scan.ts";
import type { PickleRun, PickleSession } from "./session.ts";
import type { NamePart, TorchTensor } from "./torch-tensors.ts";

const BITS: Readonly<Record<string, number>> = {
  F64: 64,
  I64: 64,
  U64: 64,
  C64: 64,
  C128: 128,
  F32: 32,
  I32: 32,
  U32: 32,
  QI32: 32,
  F16: 16,
  BF16: 16,
  I16: 16,
  U16: 16,
  QU4: 4,
  QU2: 2,
};

/** Longest name that is kept of a tensor, in characters; of all together; and what is kept of one when those are many. */
const MAX_NAME = 1000;
const MAX_NAMES = 32 * 1024 * 1024;
const SHORT_NAME = 40;

/** A tensor whose storage, named in `member`, still has to be found in its container. */
export interface PlacedTensor extends ScannedTensor {
  /** Key of the storage; absent when it has none of its own. */
  readonly member?: string;
  readonly parts?: readonly PlacedTensor[];
  /** Length that the pickle states for the storage, in bytes. */
  readonly storageBytes: number;
  readonly elements: number;
}

/** Bytes of a number of elements of a type. */
export function bytesOf(dtype: string, elements: number): number {
  return Math.ceil((elements * (BITS[dtype] ?? 8)) / 8);
}

/** Tensors of a run with their places in bytes, counted from the start of their storage; in the order they are rebuilt. */
export async function listTensors(session: PickleSession, run: PickleRun): Promise<readonly PlacedTensor[]> {
  const texts = new Map<number, string>();
  const textOf = async (kind: number, ref: number): Promise<string> => {
    const known = texts.get(ref);
    if (known !== undefined) return known;
    const text = await session.textOf(kind, ref);
    texts.set(ref, text);
    return text;
  };
  const { tensors } = run.judge;
  const list: PlacedTensor[] = [];
  let left = MAX_NAMES;
  for (const [index, tensor] of tensors.list.entries()) {
    const whole = await nameOf(tensors.nameParts(index), left > 0 ? MAX_NAME : SHORT_NAME, textOf);
    left -= whole.length;
    const { storage } = tensor;
    const key = storage === null ? undefined : await textOf(storage.key.kind, storage.key.ref);
    // Parts were made before what they are parts of.
    const parts = tensor.parts.flatMap((part) => list[part] ?? []);
    list.push(placed(whole, tensor, key, parts));
  }
  const inside = new Set(tensors.list.flatMap(({ parts }) => parts));
  return list.filter((_, index) => !inside.has(index));
}

/** Those with bytes of their own: a tensor, its parts, or both. */
export function storedTensors<T extends ScannedTensor & { readonly parts?: readonly T[] }>(tensors: readonly T[]): readonly T[] {
  return tensors.flatMap((tensor) => [...(tensor.member === undefined ? [] : [tensor]), ...(tensor.parts ?? [])]);
}

/** Keys joined by dots, up to so many characters. */
async function nameOf(parts: readonly NamePart[], most: number, textOf: (kind: number, ref: number) => Promise<string>): Promise<string> {
  let name = "";
  for (const [index, part] of parts.entries()) {
    if (name.length > most) break;
    name += (index === 0 ? "" : ".") + (await partText(part, textOf));
  }
  // A copy: a part of a long text would keep all of it.
  return name.length > most ? Buffer.from(name.slice(0, most)).toString() : name;
}

async function partText(part: NamePart, textOf: (kind: number, ref: number) => Promise<string>): Promise<string> {
  return typeof part === "number" ? String(part) : await textOf(part.kind, part.ref);
}

function placed(name: string, tensor: TorchTensor, key: string | undefined, parts: readonly PlacedTensor[]): PlacedTensor {
  const { storage, dtype, shape, strides, offset } = tensor;
  const elements = shape.reduce((product, size) => product * size, 1);
  const made = parts.length === 0 ? {} : { parts };
  if (storage === null || key === undefined) return { name, dtype, shape, place: null, storageBytes: 0, elements, ...made };
  let last = elements === 0 ? 0 : 1;
  if (elements > 0) for (const [index, size] of shape.entries()) last += (size - 1) * (strides[index] ?? 0);
  const start = bytesOf(dtype, offset);
  const isPlain =
    offset >= 0 &&
    last >= 0 &&
    shape.every((size) => size >= 0) &&
    strides.every((step) => step >= 0) &&
    Number.isSafeInteger(offset + last) &&
    Number.isSafeInteger(elements);
  return {
    name,
    dtype,
    shape,
    member: key,
    place: isPlain ? { start, end: start + bytesOf(dtype, last) } : null,
    ...(isRowMajor(shape, strides) ? {} : { strides }),
    ...made,
    storageBytes: bytesOf(storage.dtype ?? "U8", storage.length),
    elements,
  };
}

/** Whether elements follow each other as in C; a dimension of one may state any step (torch `is_contiguous`). */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const size = shape[axis] ?? 1;
    if (size !== 1 && (strides[axis] ?? 0) !== step) return false;
    step *= size;
  }
  return true;
}
