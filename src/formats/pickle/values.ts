// What stands for a value while nothing is built: a kind and a number, so that a stack of millions needs no objects.

/** Kinds of symbolic values. The number that goes with each is named after it. */
export const KIND = {
  /** A memo key that was never set. 0, so that a new memo needs no filling. */
  unset: 0,
  /** A whole number of at most 53 bits. The number. */
  int: 1,
  /** Text: a StringRef. */
  text: 2,
  /** Text of an S line, with quotes and escapes: a StringRef. */
  quoted: 3,
  /** Text of a V line, with \u escapes: a StringRef. */
  escaped: 4,
  /** Bytes or a bytearray: a StringRef. */
  bytes: 5,
  /** Text or bytes too long for a StringRef: the offset of its data. */
  long: 6,
  /** Containers and objects: the id of a Container. */
  tuple: 7,
  list: 8,
  dict: 9,
  set: 10,
  /** What a call returned; the container knows what was called. */
  object: 11,
  /** An import: index in the machine's table of globals. */
  global: 12,
  /** What a persistent id stands for: index in the machine's table of these. */
  persistent: 13,
  /** An extension of copyreg's registry: its code. */
  extension: 14,
  /** None, booleans, floats: of no interest. 0. */
  other: 15,
} as const;

/** Place of a string of less than 1,024 bytes, in one number: offset * 1,024 + length. */
export type StringRef = number;

/** Longest string that a StringRef holds. No name of an import or a tensor is longer. */
export const MAX_REF_BYTES = 1023;

export function stringRef(offset: number, length: number): StringRef {
  return offset * (MAX_REF_BYTES + 1) + length;
}

export function refOffset(ref: StringRef): number {
  return Math.floor(ref / (MAX_REF_BYTES + 1));
}

export function refLength(ref: StringRef): number {
  return ref % (MAX_REF_BYTES + 1);
}

export function isTextKind(kind: number): boolean {
  return kind === KIND.text || kind === KIND.quoted || kind === KIND.escaped;
}

export function isContainerKind(kind: number): boolean {
  return kind >= KIND.tuple && kind <= KIND.object;
}
