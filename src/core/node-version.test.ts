import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { nodeProblem } from "./node-version.ts";

it("the oldest Node.js is the one that package.json names", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
  const oldest = String(engines.node).replace(">=", "");
  expect(nodeProblem(`${oldest}.0`)).toBeNull();
  const [major, minor] = oldest.split(".").map(Number);
  expect(nodeProblem(`${major}.${Number(minor) - 1}.0`)).toContain(oldest);
  expect(nodeProblem(`${Number(major) - 2}.99.0`)).toContain(oldest);
  expect(nodeProblem(`${Number(major) + 2}.0.0`)).toBeNull();
});
