// Sets of characters that a rule names in the words of a regular expression's brackets, without the brackets.

const UNITS = 0x10000;
const PARTS = /\\?([\s\S])(?:-\\?([^\]\\]))?/g;

const known = new Map<string, Uint8Array>();

/** As `characterClass`, made once: many rules end at the same characters. The bytes are everybody's, and only read. */
export function sharedClass(source: string): Uint8Array {
  const made = known.get(source) ?? characterClass(source);
  known.set(source, made);
  return made;
}

/** One byte for each UTF-16 unit: 1 where the class has it. `w`, `d`, `han` and `letter` in angle brackets are sets: `<w>.-`. */
export function characterClass(source: string): Uint8Array {
  const members = new Uint8Array(UNITS);
  const rest = source.replace(/<(\w+)>/g, (_whole, name: string) => {
    const set = SETS[name];
    if (set === undefined) throw new TypeError(`no set ${name}`);
    for (const [from, to] of set) members.fill(1, from, to + 1);
    return "";
  });
  for (const [, from = "", to = from] of rest.matchAll(PARTS)) members.fill(1, from.charCodeAt(0), to.charCodeAt(0) + 1);
  return members;
}

const DIGITS: readonly [number, number] = [0x30, 0x39];
const LATIN: readonly (readonly [number, number])[] = [
  [0x41, 0x5a],
  [0x61, 0x7a],
];
const SETS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  d: [DIGITS],
  w: [DIGITS, ...LATIN, [0x5f, 0x5f]],
  /** Latin letters with marks, Greek, Cyrillic: what would make a Latin word longer. */
  letter: [...LATIN, [0xc0, 0x24f], [0x370, 0x52f]],
  han: [[0x3400, 0x9fff]],
};
