// What a reader of one format must offer. Each file in src/safety/scanners exports one as `scanner`.

import type { FileScan, FormatReading, FormatRisk } from "../core/scan.ts";
import type { ByteReader } from "../core/source.ts";
import type { ScanBudget } from "./budget.ts";

/** What can be told of a file before it is parsed. */
export interface FileView {
  /** Path in the release; members of a container as `outer!inner`. */
  readonly path: string;
  readonly sizeBytes: number;
  /** The first bytes, at most HEAD_BYTES. */
  readonly head: Uint8Array;
  /** The last bytes, at most TAIL_BYTES: archives are known by their end. */
  readonly tail: Uint8Array;
}

/** How much may be read: `ranges` keeps to headers and to what they point at, `whole` reads every byte that can hold something. */
export type Effort = "ranges" | "whole";

export interface ScanContext {
  readonly path: string;
  readonly effort: Effort;
  /** Imports that nobody reviewed count as high and not as medium. */
  readonly strict: boolean;
  /** Shared by all members of one file, so that ten thousand small members are no way around a limit. */
  readonly budget: ScanBudget;
  /** Containers around this one. */
  readonly depth: number;
  /** Families and other traits, which are told by all names together, are left out: nobody will look at them. */
  readonly tensorsOnly?: boolean;
  /** Scans a member of this file by its content, whatever its name. Its hits come back with `member` filled in. */
  nested(member: string, reader: ByteReader): Promise<FileScan>;
}

/** One format. Claims by content; a name alone is never enough and never needed. */
export interface Scanner {
  readonly id: string;
  /** What loading this format can do; a reading may say more of the file at hand. */
  readonly risk: FormatRisk;
  /** Files in which it finds nothing are not worth a row of their own: text that everybody has. */
  readonly quiet?: true;
  /** Several scanners may claim a file; all of them run, since two loaders may disagree about it too. */
  claims(file: FileView): boolean;
  /**
   * Reads without trusting. What a rule knows is a hit; damage is coverage.
   * @throws AjarError with a FormatCode: the file was not understood, coverage `none`
   */
  scan(reader: ByteReader, context: ScanContext): Promise<FormatReading>;
}
