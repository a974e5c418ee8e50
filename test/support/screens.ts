// Screens of policies that stand in tests.
import type { Call, Endpoint, Screen } from "../../src/gate/contract.ts";
import { checkPolicy, compilePlan, filtersFor } from "../../src/gate/screen/policy/plan.ts";
import { readPolicyFile } from "../../src/gate/screen/policy/read-policy.ts";
import { PolicyScreen } from "../../src/gate/screen/screen.ts";

/** The screen of a policy without judges. @throws AjarError BAD_CONFIG */
export function screenOf(content: string, model = "", key = ""): Screen {
  const policy = readPolicyFile(content, "policy.yaml");
  checkPolicy(policy, "policy.yaml");
  return new PolicyScreen({
    policy: policy.version,
    file: policy.file,
    plan: compilePlan(policy, filtersFor(policy, model, key)),
    judges: [],
  });
}

/** A call of that shape. */
export function callOf(endpoint: Endpoint, stream = true): Call {
  return {
    requestId: "req-1",
    endpoint,
    stream,
    caller: { keyId: "anonymous", scopes: [] },
    model: {
      id: "made-up",
      ref: "made-up",
      basis: "claimed",
      fileDigests: [],
      weightsDigest: null,
      tensorDigests: [],
      releaseDigest: null,
      bases: [],
      license: null,
      headline: null,
    },
  };
}
