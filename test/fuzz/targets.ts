import { readdirSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../../src/core/text.ts";
import type { FuzzTarget } from "./target.ts";

const folder = join(import.meta.dirname, "targets");

/** Every target, by name. Adding one is adding one file to test/fuzz/targets. */
export async function fuzzTargets(): Promise<ReadonlyMap<string, FuzzTarget>> {
  const targets = new Map<string, FuzzTarget>();
  for (const file of readdirSync(folder).sort(compareText)) {
    const { target } = (await import(join(folder, file))) as { readonly target: FuzzTarget };
    targets.set(target.name, target);
  }
  return targets;
}
