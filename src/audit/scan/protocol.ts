// What the main thread and a scanning thread say to each other. Sources, and with them all access to the outside, stay
// in the main thread: a scanning thread asks for bytes and gets them.
import { AjarError, type ErrorCode } from "../../core/errors.ts";
import type { FileScan } from "../../core/scan.ts";
import type { Effort } from "../../safety/scanner.ts";

export interface ScanTask {
  readonly path: string;
  readonly sizeBytes: number;
  readonly effort: Effort;
  readonly strict: boolean;
}

export type ToWorker =
  | { readonly kind: "scan"; readonly task: ScanTask }
  | { readonly kind: "bytes"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly id: number; readonly error: PlainError }
  | { readonly kind: "end" };

export type FromWorker =
  | { readonly kind: "read"; readonly id: number; readonly start: number; readonly length: number }
  | { readonly kind: "done"; readonly scan: FileScan }
  | { readonly kind: "failed"; readonly error: PlainError };

/** An error as it crosses threads. */
export interface PlainError {
  /** Null for whatever is not an AjarError. */
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly offset?: number;
}

export function plainError(error: unknown): PlainError {
  if (!(error instanceof AjarError))
    return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  return { code: error.code, message: error.message, ...(error.offset === undefined ? {} : { offset: error.offset }) };
}

export function errorOf({ code, message, offset }: PlainError): AjarError {
  return new AjarError(code ?? "BUG", message, offset === undefined ? {} : { offset });
}
