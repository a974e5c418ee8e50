// What the main thread and a measuring thread say to each other. A file of this machine is opened by the thread itself;
// bytes of any other source are asked from the main thread, where all access to the outside stays.
import type { LocalBytes } from "../../core/source.ts";
import type { ShareOutcome } from "../../dataset/measure-file.ts";
import type { GramIndex } from "../../dataset/near/overlap.ts";
import type { DataFileEntry, Share } from "../../dataset/plan.ts";
import type { TallyParts } from "../../dataset/tally.ts";
import type { PlainError } from "../scan/protocol.ts";

export interface MeasureSetup {
  readonly overlap: GramIndex | null;
}

export interface MeasureTask {
  readonly name: string;
  readonly entry: DataFileEntry;
  readonly share: Share;
  readonly local: LocalBytes | null;
}

export type ToMeasurer =
  | { readonly kind: "measure"; readonly task: MeasureTask }
  | { readonly kind: "bytes"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly id: number; readonly error: PlainError }
  /** Hand over what was counted. */
  | { readonly kind: "finish" };

export type FromMeasurer =
  | { readonly kind: "read"; readonly id: number; readonly start: number; readonly length: number }
  | { readonly kind: "done"; readonly outcome: ShareOutcome }
  | { readonly kind: "failed"; readonly error: PlainError }
  | { readonly kind: "tally"; readonly parts: TallyParts };
