import { AjarError } from "../../core/errors.ts";
import type { RateLedger } from "../contract.ts";
import { gateFolder } from "../durable/places.ts";
import { FolderStore } from "./folder-store.ts";
import type { DoorStore } from "./store.ts";

export interface StoreLocation {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the doors, where one was named. */
  readonly folder?: string | undefined;
}

/** The folder that was named, else the PostgreSQL of AJAR_DATABASE_URL, else the user's own folder. @throws AjarError BAD_OPTION | DOOR_STORE_DOWN */
export async function openDoorStore({ env, folder }: StoreLocation): Promise<DoorStore> {
  const url = databaseOf({ env, folder });
  if (url === null) return new FolderStore(folder ?? gateFolder(env, "doors"));
  // Only who shares a database pays for its client.
  const { PostgresStore } = await import("./postgres/store.ts");
  return new PostgresStore({ url });
}

/** Where replicas that share their doors share the limits of keys; null where there is one gate alone. @throws AjarError BAD_OPTION */
export async function openRates(location: StoreLocation): Promise<RateLedger | null> {
  const url = databaseOf(location);
  if (url === null) return null;
  const { PostgresRates } = await import("./postgres/rates.ts");
  return new PostgresRates(url);
}

function databaseOf({ env, folder }: StoreLocation): string | null {
  const url = env["AJAR_DATABASE_URL"] ?? "";
  if (folder !== undefined || url === "") return null;
  if (!/^postgres(?:ql)?:\/\//u.test(url)) {
    throw new AjarError("BAD_OPTION", "is not the address of a PostgreSQL", {
      subject: "AJAR_DATABASE_URL",
      hint: "Write it as postgres://user@host/database.",
    });
  }
  return url;
}
