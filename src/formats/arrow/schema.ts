// The schema of Arrow data (arrow.apache.org, "Arrow Columnar Format", Schema.fbs): which columns there are, of which types, nested how.
import { AjarError } from "../../core/errors.ts";
import type { FlatTable } from "../flatbuffer.ts";

/** How the values of a field lie in buffers. */
export type ArrowLayout =
  /** No buffer at all: nulls. */
  | { readonly kind: "null" }
  | { readonly kind: "int"; readonly bytes: 1 | 2 | 4 | 8; readonly signed: boolean }
  | { readonly kind: "float"; readonly bytes: 2 | 4 | 8 }
  /** One buffer of values that are neither counted nor text: booleans, decimals, times. */
  | { readonly kind: "other" }
  | { readonly kind: "bytes"; readonly isText: boolean; readonly offsetBytes: 4 | 8 }
  | { readonly kind: "view"; readonly isText: boolean }
  | { readonly kind: "fixed"; readonly bytes: number }
  | { readonly kind: "list"; readonly offsetBytes: 4 | 8 }
  | { readonly kind: "list-view"; readonly offsetBytes: 4 | 8 }
  | { readonly kind: "fixed-list"; readonly size: number }
  | { readonly kind: "struct" }
  | { readonly kind: "union"; readonly isDense: boolean; readonly typeIds: readonly number[] }
  | { readonly kind: "runs" };

export interface ArrowField {
  readonly name: string;
  readonly layout: ArrowLayout;
  /** Values are places in a dictionary of this number. */
  readonly dictionary: { readonly id: number; readonly bytes: 1 | 2 | 4 | 8; readonly signed: boolean } | null;
  readonly children: readonly ArrowField[];
}

export interface ArrowSchema {
  readonly fields: readonly ArrowField[];
}

/** Fields in all, nested ones among them. */
export const MAX_FIELDS = 5_000;
/** What Arrow's own readers go down to. */
const MAX_DEPTH = 64;
const MAX_NAME_BYTES = 64 * 1024;
const MAX_TYPE_IDS = 128;

/** Reads a Schema table. @throws AjarError UNSUPPORTED | INCONSISTENT | OVER_LIMIT | TRUNCATED */
export async function readSchema(table: FlatTable): Promise<ArrowSchema> {
  if ((await table.i16(0)) !== 0) throw new AjarError("UNSUPPORTED", "Arrow data in big-endian order", { offset: table.offset });
  return { fields: await new SchemaReader().fields(table, 1, 0) };
}

class SchemaReader {
  #count = 0;

  async fields(parent: FlatTable, id: number, depth: number): Promise<readonly ArrowField[]> {
    if (depth > MAX_DEPTH) throw new AjarError("OVER_LIMIT", `Arrow fields nested deeper than ${MAX_DEPTH}`, { offset: parent.offset });
    const fields: ArrowField[] = [];
    for await (const table of parent.tables(id, MAX_FIELDS)) {
      this.#count += 1;
      if (this.#count > MAX_FIELDS) throw new AjarError("OVER_LIMIT", `more than ${MAX_FIELDS} Arrow fields`, { offset: table.offset });
      fields.push(await this.#field(table, depth));
    }
    return fields;
  }

  async #field(table: FlatTable, depth: number): Promise<ArrowField> {
    const name = await table.text(0, MAX_NAME_BYTES);
    const layout = await layoutOf(table);
    const children = await this.fields(table, 5, depth + 1);
    const wanted = childrenOf(layout);
    if (wanted !== null && children.length !== wanted) {
      throw new AjarError("INCONSISTENT", `an Arrow field with ${children.length} fields below it, not ${wanted}`, {
        offset: table.offset,
      });
    }
    return { name, layout, dictionary: await dictionaryOf(table), children };
  }
}

/** Fields below one of this layout; null where any number will do. */
function childrenOf({ kind }: ArrowLayout): number | null {
  if (kind === "struct" || kind === "union") return null;
  if (kind === "list" || kind === "list-view" || kind === "fixed-list") return 1;
  return kind === "runs" ? 2 : 0;
}

async function dictionaryOf(field: FlatTable): Promise<ArrowField["dictionary"]> {
  const table = await field.table(4);
  if (table === null) return null;
  const index = await table.table(1);
  // Signed integers of 32 bits where nothing is said.
  const { bytes, signed } = index === null ? ({ bytes: 4, signed: true } as const) : await intOf(index);
  return { id: await table.u64(0), bytes, signed };
}

async function intOf(table: FlatTable): Promise<{ readonly bytes: 1 | 2 | 4 | 8; readonly signed: boolean }> {
  const bits = await table.i32(0);
  const bytes = ([1, 2, 4, 8] as const).find((size) => size * 8 === bits);
  if (bytes === undefined) throw new AjarError("INCONSISTENT", `Arrow integers of ${bits} bits`, { offset: table.offset });
  return { bytes, signed: (await table.u8(1)) !== 0 };
}

async function floatOf(table: FlatTable): Promise<ArrowLayout> {
  const precision = await table.i16(0);
  const bytes = ([2, 4, 8] as const)[precision];
  if (bytes === undefined) throw new AjarError("INCONSISTENT", `Arrow numbers of precision ${precision}`, { offset: table.offset });
  return { kind: "float", bytes };
}

async function sizeOf(table: FlatTable): Promise<number> {
  const size = await table.i32(0);
  if (size < 0) throw new AjarError("INCONSISTENT", `Arrow values of size ${size}`, { offset: table.offset });
  return size;
}

/** By number in the union Type of Schema.fbs. */
const LAYOUTS: ReadonlyMap<number, (type: FlatTable) => ArrowLayout | Promise<ArrowLayout>> = new Map<
  number,
  (type: FlatTable) => ArrowLayout | Promise<ArrowLayout>
>([
  [1, () => ({ kind: "null" })],
  [2, async (type) => ({ kind: "int", ...(await intOf(type)) })],
  [3, floatOf],
  [4, () => ({ kind: "bytes", isText: false, offsetBytes: 4 })],
  [5, () => ({ kind: "bytes", isText: true, offsetBytes: 4 })],
  // Booleans, decimals, dates, times, time stamps, intervals.
  ...[6, 7, 8, 9, 10, 11, 18].map((id) => [id, (): ArrowLayout => ({ kind: "other" })] as const),
  [12, () => ({ kind: "list", offsetBytes: 4 })],
  [13, () => ({ kind: "struct" })],
  [14, async (type) => ({ kind: "union", isDense: (await type.i16(0)) === 1, typeIds: await type.i32s(1, MAX_TYPE_IDS) })],
  [15, async (type) => ({ kind: "fixed", bytes: await sizeOf(type) })],
  [16, async (type) => ({ kind: "fixed-list", size: await sizeOf(type) })],
  // A map is a list of keys with values.
  [17, () => ({ kind: "list", offsetBytes: 4 })],
  [19, () => ({ kind: "bytes", isText: false, offsetBytes: 8 })],
  [20, () => ({ kind: "bytes", isText: true, offsetBytes: 8 })],
  [21, () => ({ kind: "list", offsetBytes: 8 })],
  [22, () => ({ kind: "runs" })],
  [23, () => ({ kind: "view", isText: false })],
  [24, () => ({ kind: "view", isText: true })],
  [25, () => ({ kind: "list-view", offsetBytes: 4 })],
  [26, () => ({ kind: "list-view", offsetBytes: 8 })],
]);

async function layoutOf(field: FlatTable): Promise<ArrowLayout> {
  const id = await field.u8(2);
  const type = await field.table(3);
  const read = LAYOUTS.get(id);
  if (read === undefined || type === null) throw new AjarError("UNSUPPORTED", `an Arrow type of number ${id}`, { offset: field.offset });
  return await read(type);
}
