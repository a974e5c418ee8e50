// What the gate of bench:gate is given.
import type { DoorBook, Screen, ServedModel } from "../../src/gate/contract.ts";

export const benchModel: ServedModel = {
  id: "tern",
  ref: "bench",
  basis: "claimed",
  fileDigests: [],
  weightsDigest: `sha256:${"a".repeat(64)}`,
  tensorDigests: [],
  releaseDigest: null,
  bases: [],
  license: null,
  headline: null,
};

/** Doors that stay open; the cost of asking them is that of real ones: a number compared. */
export function benchDoors(): DoorBook {
  const open = { kind: "open" } as const;
  const none = (): void => undefined;
  return { epoch: () => 1, state: () => open, onChange: () => none, streams: { begin: () => none }, close: async () => undefined };
}

export const NO_FILTERS: Screen = {
  policy: { id: "none", digest: `sha256:${"0".repeat(64)}` },
  active: () => ({ request: false, response: false }),
  request: async (_call, body) => ({ kind: "pass", body, changed: false, results: [] }),
  reply: async (_call, _status, body) => ({ blocked: false, body, results: [] }),
  stream: () => {
    throw new Error("nothing is filtered");
  },
};
