// What the replies of all endpoints share.
import type { Usage } from "./run.ts";

/** Names and time of one reply: they come in, so that the same run makes the same bytes. */
export interface ReplyHead {
  /** Begins with the endpoint's own letters. */
  readonly id: (prefix: string) => string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

const encoder = new TextEncoder();

/** One server-sent event; `name` only where the endpoint names its events. */
export function event(data: unknown, name?: string): Uint8Array {
  return encoder.encode(`${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`);
}

export const DONE: Uint8Array = encoder.encode("data: [DONE]\n\n");

export function usageBody({ input, output }: Usage): { prompt_tokens: number; completion_tokens: number; total_tokens: number } {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

/** Choices of one prompt share its tokens. */
export function sumUsage(usages: readonly Usage[], inputs: "shared" | "each"): Usage {
  const output = usages.reduce((sum, usage) => sum + usage.output, 0);
  const input = inputs === "shared" ? (usages[0]?.input ?? 0) : usages.reduce((sum, usage) => sum + usage.input, 0);
  return { input, output };
}
