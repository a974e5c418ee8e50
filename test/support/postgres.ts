// A PostgreSQL of the test's own: a new cluster below the system's temporary folder, on a socket and a free port of loopback.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = "/usr/lib/postgresql";

function binaries(): string | null {
  if (!existsSync(ROOT)) return null;
  const versions = readdirSync(ROOT).sort((a, b) => Number(b) - Number(a));
  const found = versions.map((version) => join(ROOT, version, "bin")).find((folder) => existsSync(join(folder, "initdb")));
  return found ?? null;
}

export const hasPostgres: boolean = binaries() !== null;
if (!hasPostgres) process.stderr.write(`skipped: PostgreSQL tests (no ${ROOT}/*/bin/initdb)\n`);

export interface PostgresServer {
  readonly url: string;
  /** Makes an empty database and returns its address. */
  database(name: string): string;
  /** `fast` ends sessions and keeps what was committed; `immediate` is a crash. */
  stop(mode: "fast" | "immediate"): void;
  start(): void;
  remove(): void;
}

export async function startPostgres(): Promise<PostgresServer> {
  const bin = binaries();
  if (bin === null) throw new Error("PostgreSQL is not installed");
  const folder = mkdtempSync(join(tmpdir(), "ajar-postgres-"));
  // The server refuses to run as root.
  const asUser = process.getuid?.() === 0 ? ["runuser", "-u", "postgres", "--"] : [];
  if (asUser.length > 0) spawnSync("chown", ["postgres", folder]);
  chmodSync(folder, 0o700);
  const data = join(folder, "data");
  const port = await freePort();
  const run = (command: string, ...args: readonly string[]): void => {
    const [program = "", ...rest] = [...asUser, join(bin, command), ...args];
    // pg_ctl leaves the server behind; with a pipe for its output this would wait for it.
    const { status, error } = spawnSync(program, rest, { stdio: "ignore", cwd: "/" });
    if (status !== 0) throw error ?? new Error(`${command} ended with ${status}; see ${folder}/log`);
  };
  run("initdb", "-D", data, "-U", "ajar", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync");
  const options = `-c listen_addresses=127.0.0.1 -p ${port} -k ${folder} -c fsync=off -c max_connections=200`;
  const server: PostgresServer = {
    url: `postgres://ajar@127.0.0.1:${port}/postgres`,
    database: (name) => {
      run("createdb", "-h", "127.0.0.1", "-p", String(port), "-U", "ajar", name);
      return `postgres://ajar@127.0.0.1:${port}/${name}`;
    },
    stop: (mode) => run("pg_ctl", "-D", data, "-m", mode, "-w", "stop"),
    start: () => run("pg_ctl", "-D", data, "-l", join(folder, "log"), "-o", options, "-w", "start"),
    remove: () => {
      try {
        server.stop("immediate");
      } catch {
        // Not running any more.
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  server.start();
  return server;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
