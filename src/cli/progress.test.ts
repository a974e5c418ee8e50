import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startProgress } from "./progress.ts";

let written: string[] = [];
const stderr = (isTTY: boolean) => ({
  isTTY,
  columns: 40,
  write: async (text: string): Promise<void> => {
    written.push(text);
  },
});

beforeEach(() => {
  written = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("progress", () => {
  it("rewrites one line on a terminal, not too often, and clears it", () => {
    let now = 1000;
    const progress = startProgress(stderr(true), true, () => now);
    progress.show(`reading ${"x".repeat(200)}`);
    progress.show("too soon");
    now += 200;
    progress.show("evil \u001b[2J\n name");
    progress.end();
    expect(written.length).toBe(3);
    expect(written[0]?.length).toBeLessThan(50);
    expect(written[1]).toBe("\r\u001b[Kevil <U+001B>[2J  name");
    expect(written[2]).toBe("\r\u001b[K");
  });

  it("prints the latest word every ten seconds where nobody watches", () => {
    const progress = startProgress(stderr(false), true);
    progress.show("listing a");
    vi.advanceTimersByTime(9000);
    expect(written).toEqual([]);
    progress.show("listing b");
    vi.advanceTimersByTime(12_000);
    progress.end();
    vi.advanceTimersByTime(60_000);
    expect(written).toEqual(["ajar: listing b\n", "ajar: listing b\n"]);
  });

  it("is silent when not wanted", () => {
    const progress = startProgress(stderr(true), false);
    progress.show("x");
    progress.end();
    expect(written).toEqual([]);
  });
});
