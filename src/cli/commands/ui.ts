import { audit } from "../../audit/audit.ts";
import { auditContext } from "../../audit/context.ts";
import { openCatalogue } from "../../catalogue/open.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { VERSION } from "../../core/version.ts";
import { type AuditQueue, LocalQueue } from "../../jobs/local-queue.ts";
import { text } from "../../reports/messages.ts";
import { startServer } from "../../server/serve.ts";
import { refusalOf } from "../../server/targets.ts";
import type { CommandContext } from "../command.ts";
import { databaseUrl } from "../database-url.ts";
import { webFolder } from "../web-folder.ts";

/** `ajar ui`: the catalogue as a web app, until it is interrupted. @throws AjarError BAD_OPTION | STORE_UNUSABLE | UNREACHABLE */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { options, env, cwd, stderr, signal, language } = context;
  const host = options.text("host") ?? "127.0.0.1";
  const rules = { local: options.flag("allow-local") === true, git: options.flag("allow-git") === true };
  const isLoopback = /^(?:127\.0\.0\.1|localhost|\[?::1\]?)$/u.test(host);
  if (rules.local && !isLoopback) {
    throw new AjarError("BAD_OPTION", "is for this machine alone", {
      subject: "--allow-local",
      hint: "Leave out --host, or --allow-local.",
    });
  }
  const web = webFolder();
  const catalogue = await openCatalogue({ env, cwd, file: options.text("catalogue") });
  const queue = options.flag("audits") === false ? null : await queueFor();

  /** With a shared database its workers do the audits; without one this process does. */
  async function queueFor(): Promise<AuditQueue> {
    if (catalogue.engineName === "postgres") return (await import("../../jobs/shared-queue.ts")).SharedQueue.open(databaseUrl(env));
    return new LocalQueue({
      audit,
      add: (report, addedAt) => catalogue.add(report, addedAt),
      context: (progress, stop) => auditContext({ env, cwd, progress, signal: stop, offline: options.flag("offline") === true }),
      now: context.now,
    });
  }
  try {
    const server = await startServer({
      catalogue,
      queue,
      refuses: (target) => refusalOf(target, rules),
      version: VERSION,
      host,
      port: options.number("port") ?? 7341,
      token: env["AJAR_TOKEN"] || null,
      web,
    });
    await stderr.write(`${text({ id: "ui.listening", args: { url: server.url } }, language)}\n`);
    await stopped(signal);
    await server.close();
    return EXIT.ok;
  } finally {
    await queue?.close();
    await catalogue.close();
  }
}

/** Ctrl-C is how a server is ended: not an interruption of anything. */
function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
