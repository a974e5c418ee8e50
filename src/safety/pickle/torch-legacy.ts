import type { ScanCoverage } from "../../core/scan.ts";
import { FULL } from "../combine.ts";
import type { PickleRun, PickleSession } from "./session.ts";
import { bytesOf } from "./torch-list.ts";

/** The magic integer 0x1950a86a20f9469cfc6c, as pickle protocol 2 writes it (torch/serialization.py). */
const MAGIC = "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19";

export function isLegacyTorch(head: Uint8Array): boolean {
  return [...MAGIC].every((character, index) => head[index] === character.charCodeAt(0));
}

export interface LegacyStorages {
  /** Where the bytes of each storage lie in the file. */
  readonly byKey: ReadonlyMap<string, { readonly start: number; readonly end: number }>;
  readonly end: number;
  readonly coverage: ScanCoverage;
}

/** Storages in the order of their keys: an int64 of elements, then the elements. @throws AjarError when the bytes cannot be had */
export async function readStorages(
  session: PickleSession,
  from: number,
  keys: readonly { readonly kind: number; readonly ref: number }[],
  object: PickleRun | undefined,
): Promise<LegacyStorages> {
  const dtypes = new Map<string, string>();
  for (const storage of object?.judge.tensors.storages ?? []) {
    dtypes.set(await session.textOf(storage.key.kind, storage.key.ref), storage.dtype ?? "U8");
  }
  const byKey = new Map<string, { readonly start: number; readonly end: number }>();
  const { sizeBytes } = session.window;
  let at = from;
  for (const { kind, ref } of keys) {
    const key = await session.textOf(kind, ref);
    if (at + 8 > sizeBytes) return { byKey, end: sizeBytes, coverage: cut(at) };
    const head = await session.window.read(at, 8);
    const elements = Number(new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true));
    const end = at + 8 + bytesOf(dtypes.get(key) ?? "U8", elements);
    if (!(end <= sizeBytes)) return { byKey, end: at, coverage: cut(at) };
    byKey.set(key, { start: at + 8, end });
    at = end;
  }
  return { byKey, end: at, coverage: FULL };
}

function cut(offset: number): ScanCoverage {
  return { state: "partial", code: "truncated", detail: "a storage passes the end of the file", offset };
}
