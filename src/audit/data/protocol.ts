// What the main thread and a measuring thread say to each other. A file of this machine is opened by the thread itself;
// bytes of any other source are asked from the main thread, where all access to the outside stays.
import type { LocalBytes } from "../../core/source.ts";
import type { ShareOutcome } from "../../dataset/measure-file.ts";
import type { GramIndex } from "../../dataset/near/overlap.ts";
import type { DataFileEntry, Share } from "../../dataset/plan.ts";
import type { TallyParts } from "../../dataset/tally.ts";
import type { BytesAsked, BytesTold, PlainError } from "../remote-bytes.ts";

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
  | BytesTold
  /** Hand over what was counted. */
  | { readonly kind: "finish" };

export type FromMeasurer =
  | BytesAsked
  | { readonly kind: "done"; readonly outcome: ShareOutcome }
  | { readonly kind: "failed"; readonly error: PlainError }
  | { readonly kind: "tally"; readonly parts: TallyParts };
