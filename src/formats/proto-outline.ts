// The outermost fields of a protobuf as far as the start of a file shows them: enough to tell schemas apart.

/** A field's number and wire type, as `number:wire`. */
export type ProtoTag = `${number}:${number}`;

/** No schema needs more of them to be told. */
const MAX_FIELDS = 200;

interface Outline {
  readonly tags: ReadonlySet<ProtoTag>;
  /** A field began that ends after the bytes that are there. */
  readonly isCut: boolean;
}

function varintAt(bytes: Uint8Array, at: number): readonly [value: number, next: number] | null {
  let value = 0;
  let factor = 1;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) return [value, at + index + 1];
  }
  return null;
}

const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

function fieldEnd(bytes: Uint8Array, wire: number, at: number): number | null {
  if (wire === 0) return varintAt(bytes, at)?.[1] ?? null;
  const fixed = FIXED[wire];
  if (fixed !== undefined) return at + fixed;
  const length = wire === 2 ? varintAt(bytes, at) : null;
  return length === null ? null : length[1] + length[0];
}

/** Null when the bytes are no protobuf, or a field passes the end of the file. */
export function protoOutline(head: Uint8Array, sizeBytes: number): Outline | null {
  const tags = new Set<ProtoTag>();
  let at = 0;
  for (let fields = 0; fields < MAX_FIELDS && at < head.length; fields += 1) {
    const tag = varintAt(head, at);
    if (tag === null) return head.length < sizeBytes && tags.size > 0 ? { tags, isCut: true } : null;
    const wire = tag[0] & 7;
    const field = Math.floor(tag[0] / 8);
    const end = field === 0 || field > 0x1fff_ffff ? null : fieldEnd(head, wire, tag[1]);
    if (end === null || end > sizeBytes) return null;
    tags.add(`${field}:${wire}`);
    at = end;
  }
  return { tags, isCut: at >= head.length && head.length < sizeBytes };
}
