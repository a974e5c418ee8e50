import { sql } from "kysely";
import type { Migration } from "./migration.ts";

/** When each host may next be asked, in milliseconds since 1970; all workers take turns by it. */
export const migration: Migration = {
  name: "002-host-turns",
  async up(db) {
    await sql`create table host_turn (host text primary key, next_at double precision not null)`.execute(db);
  },
};
