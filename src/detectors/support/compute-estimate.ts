import { AjarError } from "../../core/errors.ts";
import { loadRules } from "../../rules/load.ts";

/**
 * Training compute of a dense transformer in FLOP: C = 6 P D, with P parameters in use per token and D tokens seen.
 * Source: Kaplan et al. 2020 (arXiv 2001.08361), section 2.1; taken up by the Commission's guidelines for providers of
 * general-purpose AI models, C(2025) 5045, paragraphs 123 to 132.
 */
export function architectureFlop(parameters: number, tokens: number): number {
  return 6 * parameters * tokens;
}

/**
 * Training compute in FLOP from hardware: C = H L U, with H device hours, L peak FLOP per second of one device and
 * U the share of it that was used (0..1). Source: as above, the hardware-based approach N L H U.
 */
export function hardwareFlop(deviceHours: number, peakFlopPerSecond: number, utilization: number): number {
  return deviceHours * 3600 * peakFlopPerSecond * utilization;
}

/** Relative error that the guidelines allow an estimate of training compute (paragraph 131). */
export const ESTIMATE_MARGIN = 0.3;

interface Peak {
  readonly device: string;
  readonly flops: number;
  readonly fp8: boolean;
}

let peaks: readonly Peak[] | undefined;

/** Highest FLOP per second one device of this name can reach; null when Ajar does not know the device. */
export function peakOf(hardware: string, lowPrecision: boolean): number | null {
  peaks ??= readPeaks();
  const name = hardware.toUpperCase().replace(/[^A-Z0-9]/gu, "");
  // Longest name first: H200 is not H20.
  const known = peaks.filter(({ device }) => name.includes(device)).sort((a, b) => b.device.length - a.device.length)[0];
  if (known === undefined) return null;
  return known.fp8 && lowPrecision ? 2 * known.flops : known.flops;
}

function readPeaks(): readonly Peak[] {
  const file: unknown = loadRules("detectors").get("compute");
  const entries: unknown = typeof file === "object" && file !== null && "peaks" in file ? file.peaks : undefined;
  if (!Array.isArray(entries))
    throw new AjarError("BAD_RULE_DATA", "a list `peaks` was expected", { subject: "rules/detectors/compute.yaml" });
  return entries.flatMap((entry: { device?: unknown; flops?: unknown; fp8?: unknown }) =>
    typeof entry.device === "string" && typeof entry.flops === "number"
      ? [{ device: entry.device, flops: entry.flops, fp8: entry.fp8 === true }]
      : [],
  );
}
