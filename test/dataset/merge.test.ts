import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Measurer } from "../../src/dataset/measure.ts";
import { GramIndexBuilder } from "../../src/dataset/near/overlap.ts";
import { dataReport, type FileOutcome } from "../../src/dataset/result.ts";
import { Frequent } from "../../src/dataset/sketch/frequent.ts";
import { KeyTable } from "../../src/dataset/sketch/key-table.ts";
import { Tally } from "../../src/dataset/tally.ts";
import { mix } from "../../src/dataset/text/hash.ts";
import { Tokens } from "../../src/dataset/text/tokens.ts";
import { fakePatterns } from "./fake-patterns.ts";
import { entryOf } from "./rows.ts";

const FILES = ["train.jsonl", "test.jsonl"] as const;

interface Piece {
  readonly file: number;
  readonly start: number;
  readonly rows: readonly string[];
}

const WORDS = [
  "the",
  "railway",
  "committee",
  "meets",
  "on",
  "thursday",
  "somebody@mail.org",
  "reserved by",
  "https://www.example.org/a",
  "委员会",
  "開會",
];
const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 30 }).map((words) => words.join(" "));
/** Repeated, so that there are duplicates. */
const rows = fc
  .array(text, { maxLength: 40 })
  .map((list) => [...list, ...list.slice(0, 5), ...list.slice(0, 2).map((one) => `${one} more`)]);

function indexOf(items: readonly string[]) {
  const builder = new GramIndexBuilder();
  const tokens = new Tokens();
  builder.startSet("questions");
  for (const item of items) {
    tokens.start();
    tokens.push(item);
    tokens.end();
    builder.addItem(tokens);
  }
  return builder.build();
}

const overlap = indexOf(["the railway committee meets on thursday the railway committee meets on thursday the railway committee"]);

function measured(pieces: readonly Piece[]): Tally {
  const tally = new Tally();
  const measurer = new Measurer(tally, { patterns: fakePatterns(), overlap });
  for (const { file, start, rows: list } of pieces) {
    measurer.start(FILES[file] ?? "", file === 0 ? "train" : "test", start);
    for (const [index, row] of list.entries()) {
      if (row.length % 7 === 3) measurer.broken(index, "not-json");
      measurer.row({ index, fields: [{ name: "/t", text: row }], bytes: row.length + 1, more: false });
    }
    measurer.end(
      start + list.length,
      list.reduce((sum, row) => sum + row.length + 1, 0),
    );
  }
  return tally;
}

function reportOf(tally: Tally): string {
  const outcomes = FILES.map(
    (path): FileOutcome => ({
      source: "x",
      name: path,
      entry: entryOf(path, 1000),
      basis: "whole",
      encoding: "utf-8",
      announcedRows: null,
      problem: null,
    }),
  );
  return JSON.stringify(dataReport(tally, { mode: "full", outcomes, looked: fakePatterns().ids, overlap, infos: new Map() }));
}

describe("parts of data", () => {
  test("merge to the same report, byte for byte, however the rows are split and in whatever order", () => {
    const cuts = fc.array(fc.nat(60), { maxLength: 6 });
    fc.assert(
      fc.property(rows, rows, cuts, fc.infiniteStream(fc.nat(1000)), (train, held, places, orders) => {
        const files = [train, held];
        const pieces = files.flatMap((list, file) => {
          const at = [0, ...[...new Set(places.filter((place) => place < list.length && place > 0))].sort((a, b) => a - b), list.length];
          return at.slice(1).map((end, index): Piece => ({ file, start: at[index] ?? 0, rows: list.slice(at[index], end) }));
        });
        const whole = measured(files.map((list, file) => ({ file, start: 0, rows: list })));
        const shuffled = pieces.map((piece) => ({ piece, order: orders.next().value })).sort((a, b) => a.order - b.order);
        const merged = new Tally();
        for (const { piece, order } of shuffled) {
          const tally = measured([piece]);
          merged.merge(order % 2 === 0 ? tally.parts() : tally.unsortedParts());
        }
        expect(reportOf(merged)).toBe(reportOf(whole));
      }),
    );
  });
});

function keyOf(number: number): Uint32Array {
  return Uint32Array.of(mix(number), mix(number + 1e6), mix(number + 2e6), number);
}

describe("sketches over their capacity", () => {
  test("a table of keys holds the same for any order and split, and estimates what it left out", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2000), { maxLength: 600 }), fc.nat(600), (numbers, cut) => {
        const table = (list: readonly number[]): KeyTable => {
          const made = new KeyTable({ capacity: 40, counters: 1, numbers: "sums" });
          for (const number of list) made.add(keyOf(number), 0, 0);
          return made;
        };
        const merged = table(numbers.slice(cut));
        merged.merge(table(numbers.slice(0, cut)).parts());
        expect(merged.parts()).toEqual(table([...numbers].reverse()).parts());
        const unsorted = table(numbers.slice(cut));
        unsorted.merge(table(numbers.slice(0, cut)).unsortedParts());
        expect(unsorted.parts()).toEqual(merged.parts());
      }),
    );
  });

  test("a table is sorted by all words of its keys, also where the first are the same", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.nat(2), fc.nat(3), fc.nat(3), fc.nat(3)), { selector: String, maxLength: 60 }), (keys) => {
        const table = new KeyTable({ capacity: 100, counters: 1, numbers: "sums" });
        for (const key of keys)
          table.add(
            Uint32Array.from(key, (word) => word * 0x40000000 + word),
            0,
            0,
            key[3] + 1,
          );
        const sorted = [...keys].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
        const { keys: words, counts } = table.parts();
        expect([...words]).toEqual(sorted.flat().map((word) => word * 0x40000000 + word));
        expect([...counts]).toEqual(sorted.map((key) => key[3] + 1));
      }),
    );
  });

  test("what was merged stays as it was, whatever is added to the sum", () => {
    const part = new KeyTable({ capacity: 40, counters: 1, numbers: "uint32" });
    for (let number = 0; number < 30; number += 1) part.add(keyOf(number), 0, 0);
    const before = structuredClone(part.parts());
    const sum = new KeyTable({ capacity: 40, counters: 1, numbers: "uint32" });
    for (let time = 0; time < 2; time += 1) sum.merge(part.parts());
    for (let number = 20; number < 500; number += 1) sum.add(keyOf(number), 0, 0);
    expect(part.parts()).toEqual(before);
    expect(sum.level).toBeGreaterThan(0);
  });

  test("an estimate over a hundred times the capacity is right to a tenth", () => {
    const table = new KeyTable({ capacity: 2000, counters: 1, numbers: "sums" });
    for (let number = 0; number < 200_000; number += 1) table.add(keyOf(number), 0, 0);
    let kept = 0;
    table.forEach(() => {
      kept += 1;
    });
    expect(Math.abs((kept * 2 ** table.level) / 200_000 - 1)).toBeLessThan(0.1);
  });

  test.each(["words", "counts"] as const)("frequent words, by %s, are the same for any order and split", (of) => {
    const entry = fc.record({ level: fc.nat(8), word: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz") });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 300 }), fc.nat(300), (entries, cut) => {
        const made = (list: typeof entries): Frequent => {
          const frequent = new Frequent(15, of);
          for (const { level, word } of list) frequent.add(level, word);
          return frequent;
        };
        const merged = made(entries.slice(cut));
        merged.merge(made(entries.slice(0, cut)).parts());
        expect(merged.parts()).toEqual(made([...entries].reverse()).parts());
      }),
    );
  });

  test("words that are made later are the same as those made at once, and few of those left out are made at all", () => {
    const entry = fc.record({ level: fc.nat(8), word: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz") });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 300 }), fc.array(fc.boolean(), { minLength: 300, maxLength: 300 }), (entries, isLater) => {
        const made = (later: (at: number) => boolean): { readonly frequent: Frequent; readonly calls: () => number } => {
          const frequent = new Frequent(15, "counts");
          let calls = 0;
          const make = (word: string) => () => {
            calls += 1;
            return word;
          };
          for (const [at, { level, word }] of entries.entries()) {
            if (later(at)) frequent.addLater(level, make(word));
            else frequent.add(level, word);
          }
          return { frequent, calls: () => calls };
        };
        const some = made((at) => isLater[at] ?? false);
        expect(some.frequent.totals()).toEqual(made(() => false).frequent.totals());
        const all = made(() => true);
        expect(all.frequent.parts()).toEqual(some.frequent.parts());
        expect(all.calls()).toBeLessThanOrEqual(15);
      }),
    );
  });
});
