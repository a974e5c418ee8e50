// joblib writes the bytes of an array right behind the BUILD of its wrapper (joblib/numpy_pickle.py, NumpyArrayWrapper.read_array).
import type { PickleMachine } from "../../formats/pickle/machine.ts";
import { isTextKind, KIND } from "../../formats/pickle/values.ts";
import type { PickleCall } from "../../formats/pickle/watcher.ts";

interface Field {
  readonly key: { readonly kind: number; readonly ref: number };
  readonly kind: number;
  readonly number: number;
  /** First argument of the call that made the value: a dtype's code. */
  readonly code: { readonly kind: number; readonly ref: number } | null;
  /** Product of the whole numbers of a tuple: elements of a shape. */
  readonly product: number;
}

export interface ArrayBytes {
  /** Elements, bytes of each; null when the elements are objects, which are a pickle of their own. */
  readonly bytes: number | null;
  /** A byte before the data says how many more to skip. */
  readonly isAligned: boolean;
}

const WRAPPER = "joblib.numpy_pickle.NumpyArrayWrapper";

export class JoblibArrays {
  /** Arrays met. */
  count = 0;
  #fields: readonly Field[] = [];

  /** True when the object built is a wrapper, so that array bytes follow. */
  built(machine: PickleMachine, name: string, call: PickleCall, nameOf: (global: number) => string): boolean {
    if (name !== WRAPPER || call.argsKind !== KIND.dict) return false;
    const { containers } = machine;
    const items = containers.items(call.argsNumber);
    const fields: Field[] = [];
    for (let at = 0; at + 1 < items.length; at += 2) {
      if (!isTextKind(items.kind(at))) continue;
      const kind = items.kind(at + 1);
      const number = items.number(at + 1);
      const inner = containers.items(kind === KIND.tuple || kind === KIND.object ? number : -1);
      const callee = kind === KIND.object ? containers.calleeOf(number) : -1;
      const isDtype = callee !== -1 && nameOf(callee) === "numpy.dtype" && isTextKind(inner.kind(0));
      let product = 1;
      for (let index = 0; index < inner.length; index += 1) product *= inner.kind(index) === KIND.int ? inner.number(index) : Number.NaN;
      const code = isDtype ? { kind: inner.kind(0), ref: inner.number(0) } : null;
      fields.push({ key: { kind: items.kind(at), ref: items.number(at) }, kind, number, code, product });
    }
    this.#fields = fields;
    this.count += 1;
    return true;
  }

  /** What follows the wrapper built last; null when its fields do not tell. */
  async following(textOf: (kind: number, ref: number) => Promise<string>): Promise<ArrayBytes | null> {
    const fields = new Map<string, Field>();
    for (const field of this.#fields) fields.set(await textOf(field.key.kind, field.key.ref), field);
    const dtype = fields.get("dtype");
    const shape = fields.get("shape");
    const alignment = fields.get("numpy_array_alignment_bytes");
    if (dtype?.code === null || dtype?.code === undefined || shape?.kind !== KIND.tuple) return null;
    const itemBytes = itemBytesOf(await textOf(dtype.code.kind, dtype.code.ref));
    if (itemBytes === null) return null;
    const isAligned = alignment?.kind === KIND.int;
    if (itemBytes === "objects") return { bytes: null, isAligned };
    return Number.isSafeInteger(shape.product * itemBytes) ? { bytes: shape.product * itemBytes, isAligned } : null;
  }
}

/** Bytes per element of a dtype's code, as numpy reduces it: `f8`, `U10`, `V16`, `O8`. */
function itemBytesOf(code: string): number | "objects" | null {
  const match = /^[<>|=]?([a-zA-Z?])(\d{0,9})$/u.exec(code);
  if (match === null) return null;
  const [, letter = "", digits = ""] = match;
  if (letter === "O") return "objects";
  const count = digits === "" ? 1 : Number(digits);
  return letter === "U" ? count * 4 : count;
}
