// What the gate and the process of one model say to each other, over the channel that Node's fork makes.
import type { ModelAsk, ModelOrder } from "../llama/model.ts";

export type ToModel =
  /** Once, first. */
  | ({ readonly kind: "load" } & ModelOrder)
  | ({ readonly kind: "ask"; readonly id: number } & Omit<ModelAsk, "signal">)
  | { readonly kind: "abort"; readonly id: number }
  /** So many chunks of a stream were taken. */
  | { readonly kind: "more"; readonly id: number; readonly chunks: number }
  | { readonly kind: "ping" };

/** What ends a request; nothing of it runs in the process any more. */
type LastWord =
  | { readonly kind: "whole"; readonly id: number; readonly status: number; readonly body: Uint8Array; readonly retryAfter?: number }
  | { readonly kind: "ended" | "failed" | "aborted"; readonly id: number };

export type FromModel =
  | { readonly kind: "loading" | "loaded" | "pong" }
  /** `missing`: the engine's library. */
  | { readonly kind: "refused"; readonly why: "missing" | "file" }
  | { readonly kind: "chunk"; readonly id: number; readonly bytes: Uint8Array }
  | LastWord;

/** Chunks of a stream that may be on their way; beyond that the process waits. */
export const WINDOW = 32;

/** Null for what no process of ours says: its memory may be damaged. */
export function fromModel(value: unknown): FromModel | null {
  const { kind, why, id, bytes, status, body, retryAfter } = Object(value) as Readonly<Record<string, unknown>>;
  if (kind === "loading" || kind === "loaded" || kind === "pong") return { kind };
  if (kind === "refused") return why === "missing" || why === "file" ? { kind, why } : null;
  if (typeof id !== "number") return null;
  switch (kind) {
    case "ended":
    case "failed":
    case "aborted":
      return { kind, id };
    case "chunk":
      return bytes instanceof Uint8Array ? { kind, id, bytes } : null;
    case "whole":
      if (!(body instanceof Uint8Array) || typeof status !== "number") return null;
      return { kind, id, status, body, ...(typeof retryAfter === "number" ? { retryAfter } : {}) };
    default:
      return null;
  }
}
