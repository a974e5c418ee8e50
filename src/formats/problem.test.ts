import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadRules } from "../rules/load.ts";

test("every problem that a reader can note has its sentence", () => {
  const folder = new URL(".", import.meta.url);
  const known = Object.keys(loadRules("messages/en").get("formats") ?? {});
  const noted = readdirSync(folder)
    .filter((name) => /(?<!\.test)\.ts$/u.test(name))
    .flatMap((name) => [...readFileSync(new URL(name, folder), "utf8").matchAll(/(?:add|note)\("([a-z0-9]+\.[a-z0-9-]+)"/gu)])
    .map(([, id]) => `formats.${id}`);
  expect(noted.length).toBeGreaterThan(30);
  expect(noted.filter((id) => !known.includes(id))).toEqual([]);
});
