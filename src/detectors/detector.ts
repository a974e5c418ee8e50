import type { Fact } from "../core/fact.ts";
import type { Artifact, Skipped, SourceInventory } from "../core/inventory.ts";
import type { Finding } from "../core/release.ts";
import type { ByteRange } from "../core/source.ts";
import type { Document } from "../documents/document.ts";

/** What a detector may look at: one source's inventory, its documents already parsed, and ranged bytes. */
export interface DetectorContext {
  readonly source: SourceInventory;
  /** Parsed form of a text artifact; parsed once and shared. Null when the artifact has no text. */
  document(artifact: Artifact): Document | null;
  /** Ranged bytes of an artifact, counted in coverage. @throws AjarError when they cannot be had */
  read(path: string, range: ByteRange): Promise<Uint8Array>;
}

export interface Detected {
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
  /** Files whose bytes this detector needed and could not make sense of; they make the audit partial. */
  readonly skipped?: readonly Skipped[];
}

/** One kind of observation. Each file in src/detectors exports one as `detector`; same inventory, same output. */
export interface Detector {
  readonly id: string;
  readonly version: number;
  detect(context: DetectorContext): Promise<Detected>;
}
