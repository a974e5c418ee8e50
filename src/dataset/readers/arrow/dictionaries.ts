// The dictionaries of an Arrow file: which batches of values hold for a batch of rows, and their values.
import { AjarError } from "../../../core/errors.ts";
import type { ByteReader } from "../../../core/source.ts";
import { ArrowBody } from "../../../formats/arrow/body.ts";
import type { ArrowFile, DictionaryPlace } from "../../../formats/arrow/file.ts";
import { type MessageReader, readBatchLayout, readDictionaryHead } from "../../../formats/arrow/messages.ts";
import type { ArrowField } from "../../../formats/arrow/schema.ts";
import { BrokenCell, type Column, type PlacedField, WindowFull } from "./cells.ts";
import { ColumnLoader } from "./load.ts";
import { placeFields } from "./place-fields.ts";

/** Bytes of all dictionaries that are held at once. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

/** The batches of values of one dictionary, in the order of the file. */
interface Places {
  readonly all: readonly DictionaryPlace[];
  /** For each, the last one up to it that does not add to others. */
  readonly since: readonly number[];
}

interface Chunk {
  readonly column: Column | null;
  /** Place of its first value in the dictionary, and of the first after it. */
  readonly start: number;
  readonly end: number;
}

/** What was loaded for a field. */
interface Held {
  readonly first: number;
  readonly chunks: Chunk[];
  bytes: number;
}

export class Dictionaries {
  readonly #reader: ByteReader;
  readonly #messages: MessageReader;
  readonly #isStream: boolean;
  readonly #places: ReadonlyMap<number, Places>;
  readonly #held = new Map<ArrowField, Held>();

  constructor(reader: ByteReader, messages: MessageReader, { dictionaries, isStream }: Pick<ArrowFile, "dictionaries" | "isStream">) {
    this.#reader = reader;
    this.#messages = messages;
    this.#isStream = isStream;
    this.#places = byId(dictionaries);
  }

  /** Values of a field as they hold for the batch at a place. @throws AjarError INCONSISTENT | OVER_LIMIT and as the file */
  async valuesOf(placed: PlacedField, batchOffset: number): Promise<Column> {
    const { field } = placed;
    const id = field.dictionary?.id ?? -1;
    const { all, since } = this.#places.get(id) ?? { all: [], since: [] };
    const count = this.#isStream ? countBefore(all, batchOffset) : all.length;
    const first = since[count - 1] ?? -1;
    if (first === -1) throw new AjarError("INCONSISTENT", `the Arrow dictionary ${id} is missing`, { offset: batchOffset });
    const known = this.#held.get(field);
    const held = known?.first === first ? known : { first, chunks: [], bytes: 0 };
    this.#held.set(field, held);
    for (const place of all.slice(first + held.chunks.length, count)) await this.#add(held, placed, place, batchOffset);
    return joined(held.chunks, count - first);
  }

  async #add(held: Held, { field, name }: PlacedField, { offset }: DictionaryPlace, batchOffset: number): Promise<void> {
    const others = [...this.#held.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    const message = await this.#messages.at(offset);
    if (message === null) throw new AjarError("INCONSISTENT", `no Arrow dictionary at ${offset}`, { offset });
    const { data } = await readDictionaryHead(message.header);
    const layout = await readBatchLayout(data);
    const [placed] = placeFields([{ ...field, dictionary: null }], layout, () => name);
    const body = new ArrowBody(this.#reader, message, layout);
    const loader = new ColumnLoader(body, async (inner) => await this.valuesOf(inner, batchOffset), MAX_HELD_BYTES - others);
    try {
      const column = placed === undefined ? null : await loader.load(placed, 0, layout.rows);
      const start = held.chunks.at(-1)?.end ?? 0;
      held.chunks.push({ column, start, end: start + layout.rows });
      held.bytes += loader.held;
    } catch (cause) {
      if (!(cause instanceof WindowFull)) throw cause;
      throw new AjarError("OVER_LIMIT", `Arrow dictionaries of more than ${MAX_HELD_BYTES} bytes`, { offset });
    }
  }
}

function byId(dictionaries: readonly DictionaryPlace[]): ReadonlyMap<number, Places> {
  const places = new Map<number, { all: DictionaryPlace[]; since: number[] }>();
  for (const place of dictionaries) {
    const known = places.get(place.id) ?? { all: [], since: [] };
    known.since.push(place.isDelta ? (known.since.at(-1) ?? -1) : known.all.length);
    known.all.push(place);
    places.set(place.id, known);
  }
  return places;
}

function countBefore(all: readonly DictionaryPlace[], offset: number): number {
  return firstIndex(all.length, (at) => (all[at]?.offset ?? 0) >= offset);
}

/** The first place of which something holds that holds for all after it. */
function firstIndex(length: number, holds: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Values of the first chunks, one after another. */
function joined(chunks: readonly Chunk[], count: number): Column {
  return {
    visit(at, out) {
      const chunk = chunks[firstIndex(count, (index) => (chunks[index]?.end ?? 0) > at)];
      if (chunk === undefined || at >= chunk.end || at < chunk.start) throw new BrokenCell();
      if (chunk.column === null) out.step();
      else chunk.column.visit(at - chunk.start, out);
    },
  };
}
