import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CommandContext } from "../command.ts";
import { gateSettings } from "./settings.ts";

const folder = mkdtempSync(join(tmpdir(), "ajar-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The parts of a command line that settings are read from. */
function asked(given: Readonly<Record<string, string | number>>, cwd = tmpdir()): CommandContext {
  const options = { text: (name: string) => given[name], number: (name: string) => given[name], flag: () => undefined, list: () => [] };
  return { operands: ["./a.gguf"], cwd, options } as unknown as CommandContext;
}

describe("gateSettings", () => {
  it("takes every path of the file from where the file lies", async () => {
    const file = join(folder, "gate.yaml");
    const feeds = "recalls:\n  - { from: feed.json, key: k }\n  - { from: 'https://example.org/feed.json', key: k }";
    writeFileSync(file, `version: 1\npolicy: p.yaml\nkeys: k.json\nlog: log\ndoor_store: doors\n${feeds}\n`);
    const { policy, keys, log, door_store, recalls } = await gateSettings(asked({ config: file }));
    const paths = ["p.yaml", "k.json", "log", "doors", "feed.json"].map((name) => join(folder, name));
    expect([policy, keys, log, door_store, ...recalls.map(({ from }) => from)]).toEqual([...paths, "https://example.org/feed.json"]);
  });

  it("refuses a port that there is not, before anything is opened", async () => {
    await expect(gateSettings(asked({ port: 65_536 }))).rejects.toMatchObject({ code: "BAD_OPTION", subject: "--port" });
    expect((await gateSettings(asked({ port: 65_535 }))).port).toBe(65_535);
  });
});
