// Changes to a file that no writer would make. All randomness comes from the caller's seed.
import { below, EDGES, pickOf, splice } from "./draw.ts";
import type { FuzzTarget, Random } from "./target.ts";

const TEXT = new TextEncoder();

/** No mutant grows beyond this times its seed: the reader is tested, not the machine. */
const MAX_GROWTH = 4;

type Change = (bytes: Uint8Array, random: Random, target: FuzzTarget) => Uint8Array;

const flipBit: Change = (bytes, random) => {
  const at = below(random, bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
  return bytes;
};

const setByte: Change = (bytes, random) => {
  bytes[below(random, bytes.length)] = below(random, 256);
  return bytes;
};

/** An edge value, a place in the file or its length, as a number of 1 to 8 bytes in either order. */
const setNumber: Change = (bytes, random) => {
  const width = pickOf(random, [1, 2, 4, 8]) ?? 4;
  if (bytes.length < width) return bytes;
  const exact = below(random, bytes.length - width + 1);
  const at = random() < 0.5 ? exact : exact - (exact % width);
  const kind = below(random, 4);
  const value =
    kind === 0
      ? BigInt(below(random, bytes.length))
      : kind === 1
        ? BigInt(bytes.length + below(random, 3) - 1)
        : (pickOf(random, EDGES) ?? 0n) + BigInt(below(random, 3) - 1);
  const isBig = random() < 0.2;
  for (let index = 0; index < width; index += 1) {
    bytes[at + (isBig ? width - 1 - index : index)] = Number(BigInt.asUintN(8, value >> BigInt(8 * index)));
  }
  return bytes;
};

/** Adds a little to a number that is there, carries included. */
const nudgeNumber: Change = (bytes, random) => {
  const at = below(random, bytes.length);
  let carry = below(random, 33) - 16;
  for (let index = at; index < Math.min(at + 8, bytes.length) && carry !== 0; index += 1) {
    const sum = (bytes[index] ?? 0) + carry;
    bytes[index] = sum & 0xff;
    carry = sum >> 8;
  }
  return bytes;
};

const dropPart: Change = (bytes, random) => {
  const at = below(random, bytes.length);
  return splice(bytes, at, at + 1 + below(random, random() < 0.7 ? 9 : bytes.length), new Uint8Array(0));
};

const doublePart: Change = (bytes, random) => {
  const start = below(random, bytes.length);
  const end = Math.min(bytes.length, start + 1 + below(random, random() < 0.7 ? 16 : bytes.length));
  const at = below(random, bytes.length + 1);
  return splice(bytes, at, at, bytes.subarray(start, end));
};

const overwritePart: Change = (bytes, random) => {
  const length = 1 + below(random, Math.min(64, bytes.length));
  bytes.copyWithin(below(random, bytes.length), below(random, bytes.length - length + 1), bytes.length);
  return bytes;
};

const cut: Change = (bytes, random) => bytes.slice(0, below(random, bytes.length));

const extend: Change = (bytes, random) => {
  const tail = new Uint8Array(1 + below(random, 64)).fill(random() < 0.5 ? 0 : below(random, 256));
  return splice(bytes, bytes.length, bytes.length, tail);
};

const placeWord: Change = (bytes, random, { words }) => {
  const word = TEXT.encode(pickOf(random, words ?? []) ?? "\0\xff");
  const at = below(random, bytes.length + 1);
  return splice(bytes, at, random() < 0.5 ? at : at + word.length, word);
};

/** The start of this file and the end of another. */
const cross: Change = (bytes, random, { seeds }) => {
  const other = pickOf(random, seeds) ?? bytes;
  const at = below(random, Math.min(bytes.length, other.length) + 1);
  return splice(bytes, at, bytes.length, other.subarray(random() < 0.7 ? at : below(random, other.length)));
};

const DIGITS = /\d+/gu;

/** A number written as text becomes another. */
const setTextNumber: Change = (bytes, random) => {
  const from = below(random, bytes.length);
  const text = String.fromCharCode(...bytes.subarray(from, from + 256));
  const found = [...text.matchAll(DIGITS)];
  const match = pickOf(random, found);
  if (match === undefined) return flipBit(bytes, random, { name: "", seeds: [], read: async () => undefined });
  const value = pickOf(random, [
    "-1",
    "0",
    "1",
    "1e99",
    "1.5",
    "9007199254740993",
    "18446744073709551616",
    "4294967296",
    String(bytes.length),
  ]);
  return splice(bytes, from + match.index, from + match.index + match[0].length, TEXT.encode(value ?? "0"));
};

const CHANGES: readonly Change[] = [
  flipBit,
  setByte,
  setNumber,
  setNumber,
  setNumber,
  nudgeNumber,
  dropPart,
  doublePart,
  overwritePart,
  cut,
  extend,
  placeWord,
  cross,
  setTextNumber,
];

/** One mutant of one of the target's seeds: one to five changes, of structure or of bytes. */
export function mutant(target: FuzzTarget, random: Random): Uint8Array {
  const seed = pickOf(random, target.seeds) ?? new Uint8Array(0);
  let bytes: Uint8Array = seed;
  if (target.restructure !== undefined && random() < 0.5) {
    for (let rounds = below(random, 3); rounds >= 0; rounds -= 1) bytes = target.restructure(bytes, random);
    if (random() < 0.5) return bytes;
  }
  bytes = Uint8Array.from(bytes);
  for (let rounds = below(random, 5); rounds >= 0; rounds -= 1) {
    if (bytes.length === 0) break;
    const changed = (pickOf(random, CHANGES) ?? flipBit)(bytes, random, target);
    if (changed.length <= Math.max(1024, seed.length * MAX_GROWTH)) bytes = changed;
  }
  return bytes;
}
