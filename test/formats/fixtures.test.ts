// Files written by the formats' own libraries, read as those libraries read them: the same tensors, and nothing to be afraid of.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FileScan } from "../../src/core/scan.ts";
import { compareText } from "../../src/core/text.ts";
import { hitNames, scanOf } from "../safety/scan.ts";

interface Expected {
  readonly library: string;
  readonly tensors: readonly { readonly name: string; readonly dtype: string; readonly shape: readonly number[] }[];
}

const folder = join(import.meta.dirname, "fixtures");
const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Readonly<Record<string, Expected>>;
/** Folders of files that are meant to be found fault with. */
const FAULTY = /^(?:outside|lambdas|operators)\//u;
const honest = Object.entries(expected).filter(([path]) => !FAULTY.test(path));

function scan(path: string): Promise<FileScan> {
  return scanOf(path, readFileSync(join(folder, path)));
}

function rows(tensors: Expected["tensors"]): readonly string[] {
  return tensors.map(({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(", ")}]`).sort(compareText);
}

describe.each(honest)("%s", (path, { tensors }) => {
  test("holds the tensors that its library lists", async () => {
    const [reading] = (await scan(path)).readings;
    expect(rows(reading?.tensors ?? [])).toEqual(rows(tensors));
  });

  test("is understood in full and raises no alarm", async () => {
    const scanned = await scan(path);
    expect(scanned.coverage).toEqual({ state: "full" });
    // A graph of TensorFlow runs when it is called, whatever is in it.
    // What a skops file names is built.
    expect(scanned.risk).toBe(/\.(?:pb|skops)$/u.test(path) ? "may-execute" : "cannot-execute");
    expect(hitNames(scanned).filter((name) => !/ (?:info|low)$/u.test(name))).toEqual([]);
  });
});

describe("numbers lie where the reading says", () => {
  test.each([
    ["safetensors/small.safetensors", "embed.weight", 0, 11],
    ["hdf5/latest.h5", "again/dense/scalar", 3, 3],
  ])("%s, %s", async (path, name, first, last) => {
    const bytes = readFileSync(join(folder, path));
    const [reading] = (await scan(path)).readings;
    const tensor = reading?.tensors.find((candidate) => candidate.name === name);
    const { start, end } = tensor?.place ?? { start: 0, end: 0 };
    const wide = /64$/u.test(tensor?.dtype ?? "");
    const at = (offset: number): number => (wide ? bytes.readDoubleLE(offset) : bytes.readFloatLE(offset));
    expect([at(start), at(end - (wide ? 8 : 4))]).toEqual([first, last]);
  });
});

test("the list names files that are there", () => {
  for (const path of Object.keys(expected)) expect(existsSync(join(folder, path)), path).toBe(true);
});
