import type { Kysely, RawBuilder } from "kysely";
import type { CatalogueTables } from "./tables.ts";

/** A table, named `lead`, whose `report_id` a list runs along, and what its rows must fulfil. */
export interface Lead {
  readonly from: RawBuilder<unknown>;
  readonly where: RawBuilder<unknown>;
}

/** What differs between the engines; everything else is one query for both. */
export interface Engine {
  readonly name: "sqlite" | "postgres";
  readonly db: Kysely<CatalogueTables>;
  /** Whether it knows how many rows fulfil a condition, and begins with the fewest by itself. */
  readonly knowsCounts: boolean;
  /** Reports below `after` whose text holds all these words, each a sequence of tokens: one or more leads, of which each has older reports than the one before. */
  matching(words: readonly (readonly string[])[], after: number | null): Promise<readonly Lead[]>;
  /** The same as a condition on `lead.report_id`. */
  holds(words: readonly (readonly string[])[]): RawBuilder<unknown>;
  /** Keeps the text of a report for searching, in place of another's. */
  indexText(db: Kysely<CatalogueTables>, reportId: number, text: string): Promise<void>;
  /** Milliseconds to wait for the next turn at a host, turns being `everyMs` apart; by the database's clock, which all share. */
  turn(host: string, everyMs: number): Promise<number>;
  dropText(db: Kysely<CatalogueTables>, reportId: number): Promise<void>;
  close(): Promise<void>;
}
