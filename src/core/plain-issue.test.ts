import { expect, it } from "vitest";
import { plainIssue } from "./plain-issue.ts";

it.each([
  [{ code: "invalid_type", input: undefined }, "is missing"],
  [{ code: "invalid_value", input: undefined }, "is missing"],
  [{ code: "invalid_type", input: null }, "not what is expected here"],
  [{ code: "invalid_type", input: "a", expected: "int" }, "a whole number is wanted here"],
  [{ code: "invalid_type", input: 1, expected: "array" }, "a list is wanted here"],
  [{ code: "too_small", input: 0, origin: "number", minimum: 0, inclusive: false }, "has to be more than 0"],
  [{ code: "too_small", input: "", origin: "string", minimum: 1, inclusive: true }, "has to be at least 1 characters long"],
  [{ code: "too_big", input: [], origin: "array", maximum: 2, inclusive: true }, "has to be at most 2 entries long"],
  [{ code: "invalid_value", input: 1, values: ["a", "b"] }, "taken is only: a, b"],
  [{ code: "invalid_value", input: "c", values: ["a", "b"] }, '"c" is not known here; taken is only: a, b'],
  [{ code: "invalid_value", input: "c".repeat(61), values: ["a", "b"] }, "taken is only: a, b"],
  [{ code: "custom", input: undefined }, undefined],
  [{ code: "unrecognized_keys", input: {}, keys: ["form", "b"] }, "there is no key form"],
])("says of %j: %s", (issue, said) => {
  expect(plainIssue(issue)).toBe(said);
});
