// What the gate of bench:gate is given.
import type { DoorBook, Screen } from "../../src/gate/contract.ts";

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
