// A gate without a policy filters nothing, and says so wherever it is asked: nothing is ever logged as scanned.
import { AjarError } from "../../core/errors.ts";
import type { Screen } from "../contract.ts";
import type { Screens } from "./start.ts";

const SCREEN: Screen = {
  policy: { id: "none", digest: `sha256:${"0".repeat(64)}` },
  active: () => ({ request: false, response: false }),
  request: async (_call, body) => ({ kind: "pass", body, changed: false, results: [] }),
  reply: async (_call, _status, body) => ({ blocked: false, body, results: [] }),
  stream: () => {
    throw new AjarError("BUG", "a screen that looks at nothing was given a stream");
  },
};

export const NO_SCREENS: Screens = { screenFor: () => SCREEN, policy: () => ({ id: "none", digest: null, filters: [] }) };
