// Hears notices of the database on a connection of its own. A notice may be lost with the connection: whoever listens also looks by itself.
import pg from "pg";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export class Listener {
  readonly #config: pg.ClientConfig;
  readonly #channels: readonly string[];
  readonly #heard: (channel: string) => void;
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #isClosed = false;

  /** `heard` is called for every notice, and once after each connection, since notices were missed before it. */
  constructor(config: pg.ClientConfig, channels: readonly string[], heard: (channel: string) => void) {
    this.#config = config;
    this.#channels = channels;
    this.#heard = heard;
    void this.#connect();
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(this.#config);
    this.#client = client;
    client.on("error", () => this.#lost(client));
    client.on("end", () => this.#lost(client));
    client.on("notification", ({ channel }) => this.#heard(channel));
    try {
      await client.connect();
      for (const channel of this.#channels) await client.query(`listen ${channel}`);
      this.#pauseMs = FIRST_PAUSE_MS;
      for (const channel of this.#channels) this.#heard(channel);
    } catch {
      this.#lost(client);
    }
  }

  #lost(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    client.end().catch(() => undefined);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#connect(), this.#pauseMs).unref();
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }
}
