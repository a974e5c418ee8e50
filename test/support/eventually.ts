import { vi } from "vitest";

/** Waits until the expectation holds: however busy the machine is, and no longer than for something that hangs. */
export async function eventually(expectation: () => unknown): Promise<void> {
  await vi.waitFor(expectation, { timeout: 20_000, interval: 20 });
}
