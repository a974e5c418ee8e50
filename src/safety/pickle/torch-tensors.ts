// The tensors that a torch pickle would rebuild, with their places: from the arguments of torch._utils._rebuild_tensor_v2
// and its like (torch/_utils.py), and from the persistent ids of storages (torch/serialization.py).
import type { Items } from "../../formats/pickle/containers.ts";
import type { PickleMachine } from "../../formats/pickle/machine.ts";
import { isContainerKind, isTextKind, KIND } from "../../formats/pickle/values.ts";
import type { PickleCall } from "../../formats/pickle/watcher.ts";

/** A string of the pickle, by kind and StringRef; its text is read at the end. */
interface TextPlace {
  readonly kind: number;
  readonly ref: number;
}

export interface TorchStorage {
  /** As safetensors writes it; null when the pickle leaves it to the tensor. */
  readonly dtype: string | null;
  readonly key: TextPlace;
  /** In elements. */
  readonly length: number;
}

export interface TorchTensor {
  /** Null when it is made of others, or has no numbers at all. */
  readonly storage: TorchStorage | null;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** Of the first element, in elements of the storage. */
  readonly offset: number;
  /** Tensors that it is put together from, by their numbers in the list. */
  readonly parts: readonly number[];
}

/** Names of parents from the tensor outwards; a number is an index. */
export type NamePart = TextPlace | number;

/** Tensors beyond this are judged and not listed. */
const MAX_TENSORS = 500_000;
const MAX_DEPTH = 32;

const STORAGE_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    FloatStorage: "F32",
    DoubleStorage: "F64",
    HalfStorage: "F16",
    BFloat16Storage: "BF16",
    LongStorage: "I64",
    IntStorage: "I32",
    ShortStorage: "I16",
    CharStorage: "I8",
    ByteStorage: "U8",
    BoolStorage: "BOOL",
    ComplexFloatStorage: "C64",
    ComplexDoubleStorage: "C128",
    QInt8Storage: "QI8",
    QUInt8Storage: "QU8",
    QInt32Storage: "QI32",
    QUInt4x2Storage: "QU4",
    QUInt2x4Storage: "QU2",
  }),
);

/** torch's own dtypes, as `_rebuild_tensor_v3` names them. */
const DTYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    float32: "F32",
    float64: "F64",
    float16: "F16",
    bfloat16: "BF16",
    float8_e4m3fn: "F8_E4M3",
    float8_e5m2: "F8_E5M2",
    float8_e4m3fnuz: "F8_E4M3FNUZ",
    float8_e5m2fnuz: "F8_E5M2FNUZ",
    float8_e8m0fnu: "F8_E8M0",
    int64: "I64",
    int32: "I32",
    int16: "I16",
    int8: "I8",
    uint64: "U64",
    uint32: "U32",
    uint16: "U16",
    uint8: "U8",
    bool: "BOOL",
    complex64: "C64",
    complex128: "C128",
  }),
);

/** Where each rebuilding function has its storage, offset, size, stride and dtype. */
interface Rebuild {
  readonly storage: number;
  readonly dtype?: number;
}

const QUANTIZED = "torch._utils._rebuild_qtensor";
const REBUILDS: ReadonlyMap<string, Rebuild> = new Map(
  Object.entries({
    "torch._utils._rebuild_tensor": { storage: 0 },
    "torch._utils._rebuild_tensor_v2": { storage: 0 },
    "torch._utils._rebuild_tensor_v3": { storage: 0, dtype: 6 },
    [QUANTIZED]: { storage: 0 },
  }),
);
const SPARSE_CALLS: readonly string[] = ["torch._utils._rebuild_sparse_tensor", "torch._utils._rebuild_sparse_csr_tensor"];
const WITHOUT_NUMBERS = "torch._utils._rebuild_meta_tensor_no_storage";
/** Hand on the tensor that is their first argument. */
const WRAPPERS: readonly string[] = ["torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state"];
const FROM_TYPE = "torch._tensor._rebuild_from_type_v2";

type NameOf = (global: number) => string;

interface Judge {
  judged(machine: PickleMachine, index: number): { readonly name: string };
}

export class TorchTensors {
  readonly list: TorchTensor[] = [];
  /** More tensors than are listed were rebuilt. */
  isCut = false;
  readonly #storages = new Map<number, TorchStorage>();
  /** Container that stands for a tensor -> its number in the list. */
  readonly #byContainer = new Map<number, number>();
  /** Tensor -> the container that stands for it last. */
  readonly #containers: number[] = [];
  /** Container -> where it was put first. */
  readonly #owners = new Map<number, { readonly parent: number; readonly part: NamePart | null }>();
  readonly #lengths = new Map<number, number>();
  /** Containers that hold a tensor, at any depth. */
  readonly #carriers = new Set<number>();
  readonly #parts = new Set<number>();
  readonly #classes = new Map<number, number>();

  /** Storages that persistent ids stood for. */
  get storages(): Iterable<TorchStorage> {
    return this.#storages.values();
  }

  /** The class that a persistent id of an old file stands for; -1 for others. */
  classOf(persistent: number): number {
    return this.#classes.get(persistent) ?? -1;
  }

  /** Takes in a persistent id; false when it is none of torch's. */
  persistent(machine: PickleMachine, index: number, nameOf: NameOf): boolean {
    const { kinds, numbers } = machine.persistents;
    if (kinds[index] !== KIND.tuple) return false;
    const items = machine.containers.items(numbers[index] ?? 0);
    const tag = isTextKind(items.kind(0)) ? machine.text(items.kind(0), items.number(0)) : "";
    const type = items.kind(1) === KIND.global ? nameOf(items.number(1)) : "";
    if (tag === "module" && items.length === 4 && items.kind(1) === KIND.global) {
      this.#classes.set(index, items.number(1));
      return true;
    }
    // A tag outside the window is the one that was memoized with the first storage.
    if ((tag !== undefined && tag !== "storage") || items.length < 5 || !/^torch\.(?:[\w.]+\.)?\w+Storage$/u.test(type)) return false;
    if (items.kind(4) !== KIND.int || !isTextKind(items.kind(2))) return false;
    const dtype = STORAGE_TYPES.get(type.slice(type.lastIndexOf(".") + 1)) ?? null;
    if (this.#storages.size < MAX_TENSORS) {
      this.#storages.set(index, { dtype, key: { kind: items.kind(2), ref: items.number(2) }, length: items.number(4) });
    }
    return true;
  }

  /** Takes in a call of a reviewed function. */
  called(machine: PickleMachine, name: string, call: PickleCall, judge: Judge): void {
    if (!name.startsWith("torch.") || call.argsKind !== KIND.tuple) return;
    let rebuild = name;
    let items = machine.containers.items(call.argsNumber);
    if (name === FROM_TYPE) {
      if (items.kind(0) !== KIND.global || items.kind(2) !== KIND.tuple) return;
      rebuild = judge.judged(machine, items.number(0)).name;
      items = machine.containers.items(items.number(2));
    }
    if (WRAPPERS.includes(rebuild)) {
      const tensor = items.kind(0) === KIND.object ? this.#byContainer.get(items.number(0)) : undefined;
      if (tensor !== undefined) this.#standFor(call.result, tensor);
      return;
    }
    const shape = REBUILDS.get(rebuild);
    if (shape !== undefined) this.#rebuilt(machine, items, shape, call.result, judge, this.#scales(machine, rebuild, items));
    else if (SPARSE_CALLS.includes(rebuild)) this.#sparse(machine, items, call.result);
    else if (rebuild === WITHOUT_NUMBERS) this.#withoutNumbers(machine, items, call.result, judge);
    // Others that tensors go into are named, so that what is in them has a name.
    else this.#own(call.argsNumber, call.result, null);
  }

  /** Scales and zero points of a tensor that is quantized by channel; none for others. */
  #scales(machine: PickleMachine, rebuild: string, items: Items): readonly number[] {
    if (rebuild !== QUANTIZED || items.kind(4) !== KIND.tuple) return [];
    return this.#tensorsIn(machine.containers.items(items.number(4)));
  }

  /** Plain tensors among a few items; each is part of one other, so that no list of parts outgrows the tensors. */
  #tensorsIn(items: Items): readonly number[] {
    const found: number[] = [];
    for (let index = 0; index < items.length; index += 1) {
      const number = items.kind(index) === KIND.object ? this.#byContainer.get(items.number(index)) : undefined;
      const tensor = number === undefined ? undefined : this.list[number];
      if (number === undefined || tensor === undefined || tensor.storage === null || tensor.parts.length > 0) continue;
      if (this.#parts.has(number)) continue;
      this.#parts.add(number);
      found.push(number);
    }
    return found;
  }

  /** `(layout, (indices, values, size …))`, or with rows or columns packed `(layout, (places, indices, values, size))`. */
  #sparse(machine: PickleMachine, items: Items, result: number): void {
    if (items.kind(1) !== KIND.tuple) return;
    const data = machine.containers.items(items.number(1));
    const parts = this.#tensorsIn(data);
    const values = this.list[parts.at(-1) ?? -1];
    const shape = intsOf(machine, data, 2) ?? intsOf(machine, data, 3);
    if (values === undefined || shape === null) return;
    this.#add(machine, { storage: null, dtype: values.dtype, shape, strides: [], offset: 0, parts }, result);
  }

  /** `(dtype, size, stride, requires_grad)`. */
  #withoutNumbers(machine: PickleMachine, items: Items, result: number, judge: Judge): void {
    const shape = intsOf(machine, items, 1);
    if (items.kind(0) !== KIND.global || shape === null) return;
    const dtype = DTYPES.get(judge.judged(machine, items.number(0)).name.replace(/^torch\./u, "")) ?? "U8";
    this.#add(machine, { storage: null, dtype, shape, strides: [], offset: 0, parts: [] }, result);
  }

  #rebuilt(machine: PickleMachine, items: Items, shape: Rebuild, result: number, judge: Judge, parts: readonly number[]): void {
    const at = shape.storage;
    const storage = items.kind(at) === KIND.persistent ? this.#storages.get(items.number(at)) : undefined;
    const size = intsOf(machine, items, at + 2);
    const strides = intsOf(machine, items, at + 3);
    if (storage === undefined || size === null || items.kind(at + 1) !== KIND.int) return;
    const stated =
      shape.dtype !== undefined && items.kind(shape.dtype) === KIND.global ? judge.judged(machine, items.number(shape.dtype)).name : "";
    const dtype = DTYPES.get(stated.replace(/^torch\./u, "")) ?? storage.dtype ?? "U8";
    this.#add(machine, { storage, dtype, shape: size, strides: strides ?? [], offset: items.number(at + 1), parts }, result);
  }

  #add(machine: PickleMachine, tensor: TorchTensor, result: number): void {
    machine.isTracking = true;
    if (this.list.length >= MAX_TENSORS) {
      this.isCut = true;
      return;
    }
    this.list.push(tensor);
    this.#standFor(result, this.list.length - 1);
  }

  #standFor(container: number, tensor: number): void {
    this.#byContainer.set(container, tensor);
    this.#containers[tensor] = container;
  }

  /** State put into an object: what is in the state is in the object. */
  built(machine: PickleMachine, call: PickleCall): void {
    if (machine.isTracking && isContainerKind(call.argsKind)) this.#own(call.argsNumber, call.calleeNumber, null);
  }

  /** Takes in what is put into a container; true when that is a tensor, which takes no items. */
  filled(machine: PickleMachine, kind: number, id: number, from: number, to: number): boolean {
    if (this.#byContainer.has(id)) return true;
    const { kinds, numbers } = machine.stack;
    const step = kind === KIND.dict ? 2 : 1;
    const before = step === 1 ? (this.#lengths.get(id) ?? 0) : 0;
    let holds = false;
    for (let at = from + step - 1; at < to; at += step) {
      const number = numbers[at] ?? 0;
      if (!isContainerKind(kinds[at] ?? 0) || !this.#isCarrier(number)) continue;
      holds = true;
      this.#own(number, id, step === 2 ? partOf(kinds[at - 1] ?? 0, numbers[at - 1] ?? 0) : before + at - from);
    }
    if (step === 1 && (holds || before > 0)) this.#lengths.set(id, before + to - from);
    return false;
  }

  #isCarrier(container: number): boolean {
    return this.#byContainer.has(container) || this.#carriers.has(container);
  }

  #own(child: number, parent: number, part: NamePart | null): void {
    if (!this.#isCarrier(child)) return;
    this.#carriers.add(parent);
    if (!this.#owners.has(child) && child !== parent) this.#owners.set(child, { parent, part });
  }

  /** What a tensor is called: the keys that lead to it, outermost first. */
  nameParts(tensor: number): readonly NamePart[] {
    const parts: NamePart[] = [];
    let at = this.#containers[tensor] ?? -1;
    for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
      const owner = this.#owners.get(at);
      if (owner === undefined) break;
      if (owner.part !== null) parts.unshift(owner.part);
      at = owner.parent;
    }
    return parts;
  }
}

function partOf(kind: number, number: number): NamePart | null {
  if (kind === KIND.int) return number;
  return isTextKind(kind) ? { kind, ref: number } : null;
}

/** The whole numbers of a tuple, or of a torch.Size; null when it is neither or holds something else. */
function intsOf(machine: PickleMachine, items: Items, at: number): readonly number[] | null {
  if (items.kind(at) !== KIND.tuple && items.kind(at) !== KIND.object) return null;
  let inner = machine.containers.items(items.number(at));
  if (inner.length === 1 && inner.kind(0) === KIND.tuple) inner = machine.containers.items(inner.number(0));
  const numbers: number[] = [];
  for (let index = 0; index < inner.length; index += 1) {
    if (inner.kind(index) !== KIND.int) return null;
    numbers.push(inner.number(index));
  }
  return numbers;
}
