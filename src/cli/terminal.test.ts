import { describe, expect, it } from "vitest";
import { Options } from "./options.ts";
import { columnsOf, wantsColor } from "./terminal.ts";

const writer = (isTTY: boolean, columns = 80) => ({ isTTY, columns, write: async (): Promise<void> => undefined });
const none = new Options(new Map());
const color = (value: boolean) => new Options(new Map([["color", value]]));

describe("wantsColor", () => {
  it.each([
    ["a terminal", none, {}, true, true],
    ["no terminal", none, {}, false, false],
    ["NO_COLOR with any value", none, { NO_COLOR: "0" }, true, false],
    ["an empty NO_COLOR", none, { NO_COLOR: "" }, true, true],
    ["FORCE_COLOR", none, { FORCE_COLOR: "1" }, false, true],
    ["FORCE_COLOR=0", none, { FORCE_COLOR: "0" }, true, false],
    ["NO_COLOR beside FORCE_COLOR", none, { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
    ["TERM=dumb", none, { TERM: "dumb" }, true, false],
    ["--no-color beside FORCE_COLOR", color(false), { FORCE_COLOR: "1" }, true, false],
    ["--color beside NO_COLOR", color(true), { NO_COLOR: "1" }, false, true],
  ])("%s", (_, options, env, isTTY, expected) => {
    expect(wantsColor({ options, env }, writer(isTTY))).toBe(expected);
  });
});

describe("columnsOf", () => {
  it("is 80 where nobody watches and between 40 and 120 on a terminal", () => {
    expect([
      columnsOf(writer(false, 200)),
      columnsOf(writer(true, 0)),
      columnsOf(writer(true, 20)),
      columnsOf(writer(true, 300)),
      columnsOf(writer(true, 100)),
    ]).toEqual([80, 80, 40, 120, 100]);
  });
});
