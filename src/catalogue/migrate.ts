import { type Migration as KyselyMigration, Migrator } from "kysely/migration";
import { AjarError } from "../core/errors.ts";
import type { Engine } from "./engine.ts";
import { migration as releases } from "./migrations/001-releases.ts";
import { migration as hostTurns } from "./migrations/002-host-turns.ts";
import { migration as eras } from "./migrations/003-eras.ts";
import type { Migration } from "./migrations/migration.ts";

/** In order; the newest last. */
const MIGRATIONS: readonly Migration[] = [releases, hostTurns, eras];

/** Brings a database to the newest schema; several processes may try at once. @throws AjarError STORE_TOO_NEW | STORE_UNUSABLE */
export async function migrate(engine: Engine): Promise<void> {
  const migrations: Record<string, KyselyMigration> = {};
  for (const { name, up } of MIGRATIONS) migrations[name] = { up: (db) => up(db, engine.name) };
  const migrator = new Migrator({ db: engine.db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const message = error instanceof Error ? error.message : String(error);
  if (/corrupted migrations/u.test(message)) {
    throw new AjarError("STORE_TOO_NEW", "the catalogue was made by a newer Ajar", { hint: "Update Ajar.", cause: error });
  }
  throw new AjarError("STORE_UNUSABLE", `the catalogue cannot be opened: ${message}`, {
    hint: "Check AJAR_DATABASE_URL or the catalogue's file, and that you may write to it.",
    cause: error,
  });
}
