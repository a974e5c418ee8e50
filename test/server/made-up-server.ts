import { openSqlite } from "../../src/catalogue/sqlite.ts";
import { Catalogue } from "../../src/catalogue/store.ts";
import type { Report } from "../../src/core/report.ts";
import { audit, auditContext } from "../../src/index.ts";
import { LocalQueue } from "../../src/jobs/local-queue.ts";
import { application, type ServerOptions } from "../../src/server/serve.ts";
import { refusalOf } from "../../src/server/targets.ts";
import { goldenReports, hostileReport } from "../reports/reports.ts";

export interface MadeUpServer {
  readonly options: ServerOptions;
  readonly catalogue: Catalogue;
  /** As the page's own requests go, unless headers say otherwise. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

function named(report: Report, ref: string, digest = report.target.digest): Report {
  return { ...report, target: { ...report.target, ref, digest } };
}

/** A server over the goldens and a hostile report, without a socket. */
export async function madeUpServer(changes: Partial<ServerOptions> = {}): Promise<MadeUpServer> {
  const catalogue = await Catalogue.open(openSqlite(":memory:"));
  for (const [name, report] of goldenReports()) await catalogue.add(named(report, `hf:made-up/${name}`), "2026-01-01T00:00:00Z");
  await catalogue.add(hostileReport(), "2026-02-01T00:00:00Z");
  const queue = new LocalQueue({
    audit,
    add: (report, addedAt) => catalogue.add(report, addedAt),
    context: (progress, signal) => auditContext({ env: {}, cwd: "/", offline: true, progress, signal }),
    now: () => new Date("2026-03-01T00:00:00Z"),
  });
  const options: ServerOptions = {
    catalogue,
    queue,
    refuses: (target) => refusalOf(target, { local: true, git: false }),
    version: "0.0.0",
    host: "127.0.0.1",
    port: 0,
    token: null,
    web: null,
    ...changes,
  };
  const app = application(options);
  return {
    options,
    catalogue,
    ask: async (path, init = {}) =>
      app.request(`http://127.0.0.1:7341${path}`, {
        ...init,
        headers: { host: "127.0.0.1:7341", ...Object.fromEntries(new Headers(init.headers)) },
      }),
    close: async () => {
      await queue.close();
      await catalogue.close();
    },
  };
}
