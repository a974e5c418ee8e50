// What the main thread and a scanning thread say to each other.
import type { FileScan } from "../../core/scan.ts";
import type { Effort } from "../../safety/scanner.ts";
import type { BytesAsked, BytesTold, PlainError } from "../remote-bytes.ts";

export interface ScanTask {
  readonly path: string;
  readonly sizeBytes: number;
  readonly effort: Effort;
  readonly strict: boolean;
}

export type ToWorker = { readonly kind: "scan"; readonly task: ScanTask } | BytesTold | { readonly kind: "end" };

export type FromWorker =
  | BytesAsked
  | { readonly kind: "done"; readonly scan: FileScan }
  | { readonly kind: "failed"; readonly error: PlainError };
