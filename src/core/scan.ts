// What a scan says of one file: three separate answers, never one word.
import type { Evidence } from "./evidence.ts";
import type { Message, Severity } from "./report.ts";

/** What loading this format can do by design, whatever the file holds. */
export type FormatRisk = "cannot-execute" | "may-execute" | "executes-by-design" | "unknown";

/** How much of the file was understood. `none` and `partial` never read as clean. */
export type ScanCoverage =
  | { readonly state: "full" }
  | { readonly state: "partial" | "none"; readonly code: string; readonly detail: string; readonly offset?: number };

/** One hit of a safety rule, before evidence is made of it. */
export interface SafetyHit {
  /** Id of rules/safety, e.g. `PK01`. */
  readonly rule: string;
  /** As the rule has it, unless the context lowers it (a file no loader opens). */
  readonly severity: Severity;
  readonly message: Omit<Message, "evidence">;
  /** Bytes of the file the hit rests on. For members of a container: of the member, named in `member`. */
  readonly start: number;
  readonly end: number;
  readonly member?: string;
  readonly quote?: string;
}

/** A tensor as any format names it. */
export interface ScannedTensor {
  readonly name: string;
  readonly dtype: string;
  /** Outermost dimension first. */
  readonly shape: readonly number[];
  /** Member of a container, or file of external data, that holds the bytes; absent: this file. */
  readonly member?: string;
  /** Absolute byte range in that file or member; null when the format does not store it plainly. */
  readonly place: { readonly start: number; readonly end: number } | null;
}

/** What one format reader found in one file. */
export interface FormatReading {
  /** `safetensors`, `gguf`, `pickle`, `pytorch-zip`, `onnx`, `keras-v3`, `hdf5`, `savedmodel`, `tflite` … */
  readonly format: string;
  readonly risk: FormatRisk;
  readonly coverage: ScanCoverage;
  readonly hits: readonly SafetyHit[];
  readonly tensors: readonly ScannedTensor[];
  /** Elements over all tensors; null where the format does not tell. */
  readonly parameters: number | null;
  /** Plain facts of the header: architecture, quantisation, producer. Sorted by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** One file of a scan, as reports carry it. */
export interface ScannedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly format: string;
  readonly risk: FormatRisk;
  readonly coverage: ScanCoverage;
  /** Would a loader open this file, given what lies beside it? */
  readonly loaded: "first" | "yes" | "no" | "unknown";
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: Severity;
    readonly message: Message;
    readonly evidence: readonly Evidence[];
  }[];
}
