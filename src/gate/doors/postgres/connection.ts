// What all connections to the database that replicas share have in common.
import pg from "pg";

/** A connection may break while it is in nobody's hands; whoever uses it next is told by the query. */
export class CalmClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on("error", () => undefined);
  }
}

/** The address for messages. */
export function withoutPassword(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return "PostgreSQL";
  parsed.password = "";
  parsed.search = "";
  return parsed.href;
}
