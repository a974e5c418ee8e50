import type { Kysely } from "kysely";

/** One step of the schema; steps are never changed once published, only added. */
export interface Migration {
  readonly name: string;
  up(db: Kysely<unknown>, engine: "sqlite" | "postgres"): Promise<void>;
}
