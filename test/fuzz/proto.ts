// Changes to protobuf messages that keep every length true, so that the reader goes on into the depths.
import { below, EDGES, pickOf } from "./draw.ts";
import type { Random } from "./target.ts";

interface Field {
  readonly number: number;
  readonly wire: number;
  /** Varint, or the bytes of any other kind. */
  readonly value: bigint | Uint8Array;
  /** Fields inside, where the bytes read as a message. */
  readonly inside: readonly Field[] | null;
  /** As it stands in the file, while it is unchanged. */
  readonly raw?: Uint8Array;
}

const MAX_DEPTH = 12;

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

function takeVarint(bytes: Uint8Array, from: number): { readonly value: bigint; readonly next: number } | null {
  let value = 0n;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[from + index];
    if (byte === undefined) return null;
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value, next: from + index + 1 };
  }
  return null;
}

function fieldAt(bytes: Uint8Array, at: number, depth: number): { readonly field: Field; readonly next: number } | null {
  const tag = takeVarint(bytes, at);
  if (tag === null || tag.value < 8n || tag.value > 0xffff_ffffn) return null;
  const wire = Number(tag.value & 7n);
  const number = Number(tag.value >> 3n);
  if (wire === 0) {
    const found = takeVarint(bytes, tag.next);
    return found === null
      ? null
      : { field: { number, wire, value: found.value, inside: null, raw: bytes.subarray(at, found.next) }, next: found.next };
  }
  const stated = wire === 2 ? takeVarint(bytes, tag.next) : null;
  const length = wire === 2 ? stated?.value : wire === 1 ? 8n : wire === 5 ? 4n : undefined;
  const start = stated?.next ?? tag.next;
  if (length === undefined || BigInt(bytes.length - start) < length) return null;
  const next = start + Number(length);
  const value = bytes.subarray(start, next);
  const inside = wire === 2 && depth < MAX_DEPTH ? parse(value, depth + 1) : null;
  return { field: { number, wire, value, inside, raw: bytes.subarray(at, next) }, next };
}

function parse(bytes: Uint8Array, depth = 0): readonly Field[] | null {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    const found = fieldAt(bytes, at, depth);
    if (found === null) return null;
    fields.push(found.field);
    at = found.next;
  }
  return fields.length === 0 ? null : fields;
}

function encode(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(({ number, wire, value, inside, raw }) => {
      if (raw !== undefined) return [raw];
      const content = inside === null ? value : encode(inside);
      const tag = varint(BigInt(number) * 8n + BigInt(wire));
      if (typeof content === "bigint") return [tag, varint(content)];
      return wire === 2 ? [tag, varint(BigInt(content.length)), content] : [tag, content];
    }),
  );
}

/** Goes down a random way and changes the fields of one message. */
function changed(fields: readonly Field[], random: Random): readonly Field[] {
  const at = below(random, fields.length);
  const found = fields[at];
  if (found === undefined) return fields;
  const { raw: _, ...field } = found;
  if (field.inside !== null && random() < 0.7) return fields.with(at, { ...field, inside: changed(field.inside, random) });
  switch (below(random, 7)) {
    case 0:
      return fields.toSpliced(at, 1);
    case 1:
      return fields.toSpliced(below(random, fields.length + 1), 0, found);
    case 2:
      return fields.with(at, { ...field, number: 1 + below(random, 30) });
    case 3:
      return fields.with(at, { number: field.number, wire: 0, value: pickOf(random, EDGES) ?? 0n, inside: null });
    case 4:
      return fields.toSpliced(at, 1, ...Array.from({ length: below(random, 40) }, () => found));
    case 5:
      return fields.with(at, nested(field, below(random, 120)));
    default:
      return fields.with(at, shortened(field, random));
  }
}

function shortened(field: Field, random: Random): Field {
  const { value } = field;
  const bytes = typeof value === "bigint" ? varint(value) : value.subarray(0, below(random, value.length + 1));
  return { ...field, wire: 2, inside: null, value: bytes };
}

/** The field inside itself, many times: recursion must have an end. */
function nested(field: Field, depth: number): Field {
  let inner = field;
  for (let level = 0; level < depth; level += 1) inner = { ...field, wire: 2, value: new Uint8Array(0), inside: [inner] };
  return inner;
}

/** Seeds are parsed once. */
const parsed = new WeakMap<Uint8Array, readonly Field[] | null>();

/** Changes one message somewhere in a protobuf; bytes that are none come back as they are. */
export function restructureProto(bytes: Uint8Array, random: Random): Uint8Array {
  const known = parsed.get(bytes);
  const fields = known === undefined ? parse(bytes) : known;
  if (known === undefined) parsed.set(bytes, fields);
  return fields === null ? bytes : encode(changed(fields, random));
}
