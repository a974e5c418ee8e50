import { expect, it } from "vitest";
import { plainIssue } from "./plain-issue.ts";

it.each([
  [{ code: "invalid_type", input: undefined }, "is missing"],
  [{ code: "invalid_value", input: undefined }, "is missing"],
  [{ code: "invalid_type", input: null }, undefined],
  [{ code: "custom", input: undefined }, undefined],
  [{ code: "unrecognized_keys", input: {}, keys: ["form", "b"] }, "there is no key form"],
])("says of %j: %s", (issue, said) => {
  expect(plainIssue(issue)).toBe(said);
});
