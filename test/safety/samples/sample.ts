import { call, global, pickle, text } from "../pickle-writer.ts";

/** A file that shows one rule or one way around scanners. Harmless: what it would run is `echo`, and nothing ever loads it. */
export interface Sample {
  /** Path in a folder of samples; the folder is the class. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Rule that must be among the findings. */
  readonly rule: string;
  /** Where others know it from: an advisory, a rule of the reference. */
  readonly why: string;
}

/** What every harmful sample would run. */
export const EVIL: Buffer = call(global("os", "system"), text("echo pwned"));
export const EVIL_PICKLE: Buffer = pickle(EVIL);
