// When the process of a model that died is started again, and when not any more. Pure.

export interface RestartPolicy {
  /** Milliseconds to wait after the first death, the second …; one more death and the model stays down. */
  readonly delays: readonly number[];
  /** Milliseconds after which a death no longer counts. */
  readonly window: number;
}

export const RESTARTS: RestartPolicy = { delays: [1_000, 10_000], window: 600_000 };

/**
 * Milliseconds until the next start; null to stay down.
 * @param deaths monotonic times in milliseconds, the last one now
 */
export function nextStart(deaths: readonly number[], { delays, window }: RestartPolicy): number | null {
  const now = deaths.at(-1) ?? 0;
  const recent = deaths.filter((at) => now - at < window).length;
  return delays[Math.max(0, recent - 1)] ?? null;
}
