// The gate of bench:gate, a process of its own: real server, real upstream engine, real log on the disk; nothing filtered, or by policy.yaml.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Upstream } from "../../src/gate/engines/upstream.ts";
import { openLog } from "../../src/gate/log/open.ts";
import { PolicySource } from "../../src/gate/screen/policy/policy-source.ts";
import { createGate } from "../../src/gate/server/gate.ts";
import { MODEL } from "../../test/support/gate.ts";
import { benchDoors, NO_FILTERS } from "./parts.ts";

const [upstream = "", folder = "", filters = "off"] = process.argv.slice(2);
const log = await openLog({ folder });
const path = join(import.meta.dirname, "policy.yaml");
const policy =
  filters === "off" ? null : await PolicySource.open({ path, env: () => undefined, fetch: globalThis.fetch, onNews: () => undefined });
const engine = new Upstream({ url: upstream, key: null });
const gate = createGate({
  models: [{ model: MODEL, engine, engineModel: "scripted", audit: {}, concurrency: 10_000 }],
  screenFor: (model, caller, endpoint) => policy?.screenFor(model, caller, endpoint) ?? NO_FILTERS,
  doors: benchDoors(),
  log,
  keys: null,
  clock: () => new Date(),
  ids: () => randomUUID(),
});
const url = await gate.listen("127.0.0.1", 0);
process.send?.({ port: Number(new URL(url).port) });
process.on("disconnect", () => process.exit());
process.on("message", (asked) => {
  if (asked === "memory") {
    globalThis.gc?.();
    process.send?.({ memory: process.memoryUsage() });
  }
});
