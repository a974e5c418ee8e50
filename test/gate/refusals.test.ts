// What is wrong with a gate's files is told in the reader's language: also where a library found it.
import { describe, expect, it } from "vitest";
import { AjarError } from "../../src/core/errors.ts";
import { checkPolicy } from "../../src/gate/screen/policy/plan.ts";
import { readPolicyFile } from "../../src/gate/screen/policy/read-policy.ts";
import { parseGateConfig } from "../../src/gate/serve/config.ts";
import { failureText } from "../../src/reports/failure-text.ts";

const CONFIGURATIONS = [
  "version: 2\n",
  "version: 1\nmodls: []\n",
  "version: 1\nport: abc\n",
  "version: 1\nport: 1.5\n",
  "version: 1\nport: 70000\n",
  "version: 1\ngpu: 1\n",
  "version: 1\nhost: 1\n",
  'version: 1\nhost: ""\n',
  "version: 1\nmodels: 1\n",
  "version: 1\nmodels: [{from: a, parallel: 0}]\n",
  "version: 1\nmodels: [{from: a, name: '/'}]\n",
  "version: 1\nmodels: [{from: a, name: x}, {from: b, name: x}]\n",
  "version: 1\nlog_content: {}\n",
  "version: 1\nlog_content: {key_file: a, keep: []}\n",
  "version: 1\nlog_content: {key_file: a, keep: [input, input, input]}\n",
  "version: 1\nupstreams: [{url: x, digests: {files: [abc]}}]\n",
  "version: 1\nrecalls: [{from: a, role: x}]\n",
  "version: 1\nrecalls: [{from: a, keys: [1]}]\n",
  "version: 1\nhost: 1\nhost: 2\n",
  "version: 1\nmodels: &a [*a]\n",
  "- 1\n",
  "",
  "a: [",
  '"a',
  "\ta: 1\n",
  "a: b: c\n",
  "a: !!js/function x\n",
  "a: 1\n---\nb: 1\n",
  "? [a]\n: 1\n",
];

const POLICIES = [
  "policy: 2\nid: a\n",
  "policy: 1\n",
  "policy: 1\nid: a\nhazards: {nothing: {request: block}}\n",
  "policy: 1\nid: a\nhazards: {nothing: {request: block, response: block}}\n",
  "policy: 1\nid: a\npatterns: [{ids: [a/b], request: block, response: block}]\n",
  "policy: 1\nid: a\nexpressions: [{id: x, regex: '(', request: block, response: block}]\n",
  "policy: 1\nid: a\nexpressions: [{id: x, regex: 'a*', request: block, response: block}]\n",
  "policy: 1\nid: a\njudges: [{id: j, url: x, model: m, dialect: y}]\n",
  "policy: 1\nid: a\nlimits: {textChars: -1}\n",
  "policy: 1\nid: a\nid: b\n",
];

/** What is said behind file and line. */
function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof AjarError && error.code === "BAD_CONFIG") return error.message.slice(`${error.subject}: `.length);
    throw error;
  }
  throw new Error("it was taken");
}

describe.each(["zh-Hans", "zh-Hant"] as const)("in %s", (language) => {
  it.each(CONFIGURATIONS)("a configuration is refused: %j", (text) => {
    const said = refusalOf(() => parseGateConfig(text, "gate.yaml"));
    expect(failureText(said, language)).toMatch(/\p{Script=Han}/u);
    expect(said).not.toMatch(/^: |Invalid/u);
  });

  it.each(POLICIES)("a policy is refused: %j", (text) => {
    const said = refusalOf(() => checkPolicy(readPolicyFile(text, "policy.yaml"), "policy.yaml"));
    expect(failureText(said, language)).toMatch(/\p{Script=Han}/u);
    expect(said).not.toMatch(/^: |Invalid/u);
  });
});
