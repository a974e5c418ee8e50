import { sql } from "kysely";
import type { Migration } from "./migration.ts";

/**
 * Each text gets the lexeme of its era (src/catalogue/postgres.ts), and what matches comes from a function that can use nothing but the
 * index of texts: the planner does not count what unpacking a text costs, and would read them all. The other engine needs neither.
 */
export const migration: Migration = {
  name: "003-eras",
  async up(db, engine) {
    if (engine !== "postgres") return;
    await sql`update search set text = text || array_to_tsvector(array['@' || (report_id / 1024)])`.execute(db);
    await sql`create function ajar_matching(wanted tsquery) returns table (report_id bigint) language sql stable
      set enable_seqscan = off set enable_indexscan = off
      as $$ select search.report_id from search where search.text @@ wanted $$`.execute(db);
  },
};
