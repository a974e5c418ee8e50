import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { AjarError } from "../core/errors.ts";
import { Catalogue } from "./store.ts";

export interface CatalogueLocation {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** File of the embedded database; the user's own catalogue when absent. */
  readonly file?: string | undefined;
}

/** The PostgreSQL that AJAR_DATABASE_URL names, unless a file is asked for; else the embedded database. @throws AjarError STORE_UNUSABLE | BAD_OPTION */
export async function openCatalogue({ env, cwd, file }: CatalogueLocation): Promise<Catalogue> {
  const url = env["AJAR_DATABASE_URL"];
  if (file === undefined && url !== undefined && url !== "") {
    if (!/^postgres(?:ql)?:\/\//u.test(url)) {
      throw new AjarError("BAD_OPTION", "is not the address of a PostgreSQL", {
        subject: "AJAR_DATABASE_URL",
        hint: "Write it as postgres://user@host/database.",
      });
    }
    const { openPostgres } = await import("./postgres.ts");
    return Catalogue.open(openPostgres(url));
  }
  const path = file === undefined ? defaultFile(env) : resolve(cwd, file);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const { openSqlite } = await import("./sqlite.ts");
    return await Catalogue.open(openSqlite(path));
  } catch (cause) {
    if (cause instanceof AjarError) throw cause;
    throw new AjarError("STORE_UNUSABLE", `the catalogue cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`, {
      subject: path,
      hint: "Name another file with --catalogue, and check that you may write to it.",
      cause,
    });
  }
}

/** XDG base directory specification: data of the user. */
function defaultFile(env: CatalogueLocation["env"]): string {
  const data = env["XDG_DATA_HOME"] || join(env["HOME"] || homedir(), ".local", "share");
  return join(data, "ajar", "catalogue.db");
}
