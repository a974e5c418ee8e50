import { containerSamples } from "./containers.ts";
import { pickleSamples } from "./pickles.ts";
import { releaseSamples } from "./release.ts";
import type { Sample } from "./sample.ts";

/** Every sample, each path once. */
export function allSamples(): readonly Sample[] {
  return [...pickleSamples(), ...containerSamples(), ...releaseSamples()];
}
