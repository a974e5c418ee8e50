// The outermost fields of a protobuf as far as the start of a file shows them: enough to tell schemas apart.

/** A field's number and wire type, as `number:wire`. */
export type ProtoTag = `${number}:${number}`;

/** No schema needs more of them to be told. */
const MAX_FIELDS = 200;

interface Place {
  readonly start: number;
  readonly end: number;
}

interface Outline {
  readonly tags: ReadonlySet<ProtoTag>;
  /** Where the content of the first field of each kind lies; end excluded, it may lie beyond the bytes that are there. */
  readonly first: ReadonlyMap<ProtoTag, Place>;
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

function contentOf(bytes: Uint8Array, wire: number, at: number): Place | null {
  const fixed = FIXED[wire];
  if (fixed !== undefined) return { start: at, end: at + fixed };
  const number = wire === 0 || wire === 2 ? varintAt(bytes, at) : null;
  if (number === null) return null;
  return wire === 0 ? { start: at, end: number[1] } : { start: number[1], end: number[1] + number[0] };
}

/** Null when the bytes are no protobuf, or a field passes the end of the file. */
export function protoOutline(head: Uint8Array, sizeBytes: number): Outline | null {
  const tags = new Set<ProtoTag>();
  const first = new Map<ProtoTag, Place>();
  let at = 0;
  for (let fields = 0; fields < MAX_FIELDS && at < head.length; fields += 1) {
    const tag = varintAt(head, at);
    if (tag === null) return head.length < sizeBytes && tags.size > 0 ? { tags, first, isCut: true } : null;
    const wire = tag[0] & 7;
    const field = Math.floor(tag[0] / 8);
    const content = field === 0 || field > 0x1fff_ffff ? null : contentOf(head, wire, tag[1]);
    if (content === null || content.end > sizeBytes) return null;
    const name: ProtoTag = `${field}:${wire}`;
    tags.add(name);
    if (!first.has(name)) first.set(name, content);
    at = content.end;
  }
  return { tags, first, isCut: at >= head.length && head.length < sizeBytes };
}
