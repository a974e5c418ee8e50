// What a scan says of one file: three separate answers (format risk, findings, coverage), never one word.
import type { Evidence } from "./evidence.ts";
import type { FindingReport, Message, Severity } from "./report.ts";

/** What loading this format can do by design, whatever the file holds. From harmless to harmful, `unknown` apart. */
export type FormatRisk = "cannot-execute" | "may-execute" | "executes-by-design" | "unknown";

/** Why a file was not understood in full; its sentence is `coverage.<code>` in rules/messages. */
export type CoverageCode =
  /** No reader knows this content. */
  | "unknown-format"
  /** The content breaks its format's rules, or ends too early. */
  | "malformed"
  | "truncated"
  /** A named limit was reached: count, size, nesting, time. */
  | "over-limit"
  | "encrypted"
  /** A version, method or compression that Ajar does not read. */
  | "unsupported"
  /** The bytes could not be had: not recorded, gated, a Git LFS pointer, a failing host. */
  | "unread"
  /** Read by range for an audit; `ajar scan` reads it all. */
  | "not-scanned";

/** How much of the file was understood. `none` and `partial` never read as clean. */
export type ScanCoverage =
  | { readonly state: "full" }
  | {
      readonly state: "partial" | "none";
      readonly code: CoverageCode;
      /** What exactly, for whoever follows it up: the text of an error, the name of a limit. Not translated. */
      readonly detail: string;
      readonly offset?: number;
    };

/** One hit of a safety rule, before evidence is made of it. */
export interface SafetyHit {
  /** Id of rules/safety, e.g. `PK01`. */
  readonly rule: string;
  /** As the rule has it; hits on files that no loader opens are lowered later, by the release. */
  readonly severity: Severity;
  readonly message: Omit<Message, "evidence">;
  /** Bytes of the file the hit rests on, end excluded. For members of a container: of the member, named in `member`. */
  readonly start: number;
  readonly end: number;
  /** Path inside the file, levels joined by `!`. */
  readonly member?: string;
  readonly quote?: string;
}

/** A tensor as any format names it. */
export interface ScannedTensor {
  readonly name: string;
  /** As the format writes it. */
  readonly dtype: string;
  /** Outermost dimension first. */
  readonly shape: readonly number[];
  /** Member of a container, or file of external data, that holds the bytes; absent: this file. */
  readonly member?: string;
  /** Byte range in that file or member; null when the format does not store it plainly. */
  readonly place: { readonly start: number; readonly end: number } | null;
  /** Steps between neighbours along each dimension, in elements, where they are not those of row after row without a gap. */
  readonly strides?: readonly number[];
  /** What it is put together from when it is loaded: indices and values, scales. They are no tensors of their own. */
  readonly parts?: readonly ScannedTensor[];
}

/** Another file that whoever loads this one opens too. */
export interface FileReference {
  /** As written, relative to the folder of this file; hostile until compared with the listing. */
  readonly path: string;
  /** Bytes it must have at least; null when this file does not tell. */
  readonly minBytes: number | null;
  /** Names of the tensors it must hold; absent when this file does not tell. */
  readonly tensors?: readonly string[];
  /** Where the reference is written. */
  readonly start: number;
  readonly end: number;
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
  /** Plain facts of the header: architecture, quantisation, producer. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Files that belong to this one; their own readings say what is in them. */
  readonly references?: readonly FileReference[];
}

/** One file after every reader that claimed it has read it. */
export interface FileScan {
  readonly path: string;
  readonly sizeBytes: number;
  /** One per reader, those that understood it first; two that both understood it make a polyglot. Empty: no reader claims it. */
  readonly readings: readonly FormatReading[];
  /** The worst of the readings. */
  readonly risk: FormatRisk;
  readonly coverage: ScanCoverage;
  /** Of all readings and of the file as a whole, each once. */
  readonly hits: readonly SafetyHit[];
}

/** Would a loader open a file, given what lies beside it? */
export interface LoadState {
  /** first: what loaders pick. yes: on request or along with it. no: only training or nothing opens it. */
  readonly loaded: "first" | "yes" | "no" | "unknown";
  /** Why, as a sentence; absent for `unknown`. */
  readonly because?: Omit<Message, "evidence">;
}

/** One file of a scan, as reports carry it. */
export interface ScannedFile extends LoadState {
  readonly path: string;
  readonly sizeBytes: number | null;
  /** As in `Evidence.digest`. */
  readonly digest: string;
  /** Of the reading that understood most; `unknown` when none did. */
  readonly format: string;
  /** Other formats that the same bytes parse as. */
  readonly alsoFormats?: readonly string[];
  readonly risk: FormatRisk;
  readonly coverage: ScanCoverage;
  readonly tensors: number;
  readonly parameters: number | null;
  /** Sorted by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A file with the `ref` of the source it is in. */
export interface ReportedFile extends ScannedFile {
  readonly source: string;
}

/** Version of the scan's contract; schema/scan.schema.json mirrors it. */
export const SCAN_SCHEMA_VERSION = "1.0.0";

/** What `ajar scan` says of one or more targets. */
export interface ScanReport {
  readonly schemaVersion: string;
  readonly tool: { readonly version: string; readonly rules: string };
  readonly target: { readonly sources: readonly { readonly ref: string; readonly kind: string; readonly revision: string | null }[] };
  /** Files that a format reader knows, or that could not be understood; plain text and pictures are only counted. */
  readonly files: readonly ReportedFile[];
  readonly findings: readonly FindingReport[];
  readonly coverage: {
    readonly filesListed: number;
    /** Files whose content was looked at. */
    readonly filesScanned: number;
    readonly bytesRead: number;
    readonly requests: number;
    /** What kept a listing from being complete. */
    readonly problems: readonly { readonly source: string; readonly detail: string }[];
    /** Every listed file was read and understood in full. */
    readonly complete: boolean;
  };
  readonly evidence: readonly Evidence[];
}
