// Every file cut at every byte, and with bytes changed: an answer each time, and never a clean one for a part.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scanBytes } from "../../src/safety/dispatch.ts";
import { random } from "../formats/random.ts";
import { mutant } from "../fuzz/mutate.ts";
import { allSamples } from "./samples/all.ts";

const OPTIONS = { effort: "whole", strict: false, signal: new AbortController().signal } as const;
const SMALL = 400;
const folder = join(import.meta.dirname, "benign");
const benign = readdirSync(folder).map((name) => ({ path: name, content: readFileSync(join(folder, name)) }));
const small = [...benign, ...allSamples()].filter(({ content }) => content.length <= SMALL);

describe("a file cut anywhere", () => {
  test("gets an answer", async () => {
    expect(small.length).toBeGreaterThan(150);
    for (const { path, content } of small) {
      for (let length = 0; length < content.length; length += 1) {
        const scan = await scanBytes(path, content.subarray(0, length), OPTIONS);
        expect(["full", "partial", "none"]).toContain(scan.coverage.state);
      }
    }
  });

  test("is never a whole pickle, array or archive", async () => {
    const formats = /\.(?:pkl|joblib|npy|npz|pt)$/u;
    for (const { path, content } of benign.filter((file) => formats.test(file.path) && file.content.length <= 3_000)) {
      for (let length = 1; length < content.length; length += 1) {
        const scan = await scanBytes(path, content.subarray(0, length), OPTIONS);
        const isClean = scan.coverage.state === "full" && scan.hits.length === 0;
        // What several pickles in one file end with may be missing; an array's numbers are counted, not read.
        if (path !== "several.pkl" && !/\.npy$/u.test(path)) expect([path, length, isClean]).toEqual([path, length, false]);
      }
    }
  });
});

test("a file with anything changed gets an answer", async () => {
  const files = [...benign, ...allSamples()].filter(({ content }) => content.length <= 20_000);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: files.length - 1 }), fc.integer(), async (index, seed) => {
      const { path, content } = files[index] ?? { path: "", content: new Uint8Array(0) };
      const changed = mutant({ name: path, seeds: [content], read: async () => undefined }, random(seed));
      const { hits, coverage } = await scanBytes(path, changed, OPTIONS);
      expect(["full", "partial", "none"]).toContain(coverage.state);
      for (const { start, end } of hits) expect(end).toBeGreaterThanOrEqual(start);
    }),
    { numRuns: 1_500 },
  );
});
