import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { auditContext } from "../../audit/context.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { DEFAULT_LIMITS, type SourceContext } from "../../core/source.ts";
import type { AuditLog, KeyBook, LogRecord } from "../../gate/contract.ts";
import { openDoorBook } from "../../gate/doors/book.ts";
import { openDoorStore, openRates } from "../../gate/doors/open-store.ts";
import { RecallBook } from "../../gate/doors/recalls/book.ts";
import { gateFolder } from "../../gate/durable/places.ts";
import { openLog } from "../../gate/log/open.ts";
import { Closing } from "../../gate/serve/closing.ts";
import type { GateConfig } from "../../gate/serve/config.ts";
import { contentAct, keptContent } from "../../gate/serve/content.ts";
import { WatchedLog } from "../../gate/serve/decisions.ts";
import { DoorActs } from "../../gate/serve/door-acts.ts";
import { HeldLog } from "../../gate/serve/held-log.ts";
import { doorKeeper } from "../../gate/serve/keeper.ts";
import { checkUpstreams, openModels } from "../../gate/serve/models.ts";
import { NO_SCREENS } from "../../gate/serve/no-screen.ts";
import { checkFeedFiles, checkFeedsExist, feedsView, feedTrust, logRecalls } from "../../gate/serve/recalls.ts";
import { checkPolicyFile, openScreens, type WatchedScreens } from "../../gate/serve/screens.ts";
import { checkHost, checkPort, startGate } from "../../gate/serve/start.ts";
import { KeyFileBook } from "../../gate/server/keys/key-book.ts";
import { tracerFromEnv } from "../../gate/server/traces.ts";
import { text } from "../../reports/messages.ts";
import type { CommandContext } from "../command.ts";
import { feedLines } from "../gate/feeds-view.ts";
import { gatePages } from "../gate/pages.ts";
import { feedFetcher } from "../gate/recall-trust.ts";
import { introduce, refusedPolicy } from "../gate/serve-view.ts";
import { gateSettings } from "../gate/settings.ts";
import { startProgress } from "../progress.ts";
import { webFolder } from "../web-folder.ts";

const RANDOM_BYTES = 12;

/** `ajar serve MODEL...`: models behind the gate, until it is told to stop. @throws AjarError whatever keeps it from starting */
export async function run(context: CommandContext): Promise<ExitCode> {
  const config = await gateSettings(context);
  const content = keptContent(config.log_content);
  const feeds = feedTrust(config.recalls);
  checkUpstreams(config.upstreams);
  const told: { log: AuditLog | null } = { log: null };
  const keys = keysOf(config, context, (record) => void told.log?.append(record).catch(() => undefined));
  const closing = new Closing();
  closing.add(() => keys?.close());
  try {
    checkHost(config, keys !== null);
    if (context.options.flag("check") === true) {
      if (config.policy !== undefined) await checkPolicyFile(config.policy);
      const lines = await feedLines(await checkFeedFiles(feeds, context.now), context.language);
      if (lines.length > 0) await context.stderr.write(`${lines.join("\n")}\n`);
      await context.stdout.write(`${text({ id: "serve.checked" }, context.language)}\n`);
      return EXIT.ok;
    }
    checkFeedsExist(feeds);
    await checkPort(config);
    const pages = gatePages(webFolder("gate"));
    const folder = config.log ?? gateFolder(context.env, "log");
    const held = new HeldLog(await openLog({ folder, content: content?.key ?? null, now: context.now }));
    const log = new WatchedLog(held);
    told.log = log;
    closing.add(() => log.close());
    void log.append(contentAct(content, context.now().toISOString())).catch(() => undefined);
    const screens = await screensOf(config, context, log);
    closing.add(() => screens.close());
    const store = await openDoorStore({ env: context.env, folder: config.door_store });
    const leaseMs = config.door_lease_seconds === undefined ? {} : { leaseMs: config.door_lease_seconds * 1000 };
    const recalls = new RecallBook({
      feeds,
      ...(config.recalls_every_seconds === undefined ? {} : { everyMs: config.recalls_every_seconds * 1000 }),
      fetch: feedFetcher(context),
      folder: gateFolder(context.env, "recalls"),
      policies: () => [screens.policy().id],
      now: context.now,
      random: Math.random,
    });
    closing.add(() => recalls.close());
    await recalls.start();
    const doorActs = new DoorActs({ log, folder, now: context.now });
    const book = await openDoorBook({ store, others: recalls, applied: (acts) => doorActs.applied(acts), ...leaseMs });
    closing.add(() => book.close());
    const models = await loading(context, (progress) =>
      openModels({
        config,
        context: sourcesOf(context, progress),
        now: context.now,
        random: Math.random,
        newId: () => randomBytes(RANDOM_BYTES).toString("hex"),
      }),
    );
    closing.add(() => models.close());
    closing.add(logRecalls(recalls, models.entries, log, context.now));
    await held.begin();
    closing.add(() => doorActs.written().catch(() => undefined));
    const gate = await startGate({
      config,
      models,
      screens,
      doors: book,
      keeper: doorKeeper({
        book,
        store,
        log,
        logged: () => doorActs.written(),
        served: models.entries.map(({ model }) => model),
        feeds: () => feedsView(recalls, models.entries),
        now: context.now,
      }),
      log,
      content: content?.rule ?? null,
      keys,
      rates: keys === null ? null : await openRates({ env: context.env, folder: config.door_store }),
      tracer: tracerFromEnv(context.env),
      pages,
      now: context.now,
      newId: randomUUID,
    });
    closing.add(() => gate.stop());
    const { url } = gate;
    const introduction = {
      url,
      models: models.entries,
      policy: screens.policy(),
      broken: screens.broken,
      content: content?.rule ?? null,
      feeds: await feedLines(recalls.feeds(), context.language),
      hasKeys: keys !== null,
    };
    await context.stderr.write(introduce(introduction, context.language));
    await stopped(context.signal);
    return EXIT.ok;
  } finally {
    await closing.all();
  }
}

async function screensOf({ policy }: GateConfig, { env, now, stderr, language }: CommandContext, log: AuditLog): Promise<WatchedScreens> {
  if (policy === undefined) return { ...NO_SCREENS, broken: [], close: () => undefined };
  const onRefused = (problem: string, inForce: string): void => {
    // Nobody may be reading standard error any more; the log has it too.
    void refusedPolicy(problem, inForce, language)
      .then((line) => stderr.write(line))
      .catch(() => undefined);
  };
  return await openScreens({ path: policy, env, log, now, onRefused });
}

/** The keys that were named, else those that `ajar key` keeps, else none: then only this machine is answered. */
function keysOf({ keys }: GateConfig, { env, now }: CommandContext, tell: (act: LogRecord) => void): KeyBook | null {
  const kept = join(gateFolder(env, "keys"), "keys.json");
  const file = keys ?? (existsSync(kept) ? kept : null);
  if (file === null) return null;
  if (!existsSync(file)) {
    throw new AjarError("NOT_FOUND", "there is no file of keys here", {
      subject: file,
      hint: "Make one with: ajar key create --keys FILE",
    });
  }
  return new KeyFileBook({
    file,
    clock: now,
    onChange: (change) => {
      const detail = "problem" in change ? { result: "refused" } : { result: "loaded", added: change.added, removed: change.removed };
      tell({ kind: "act", at: now().toISOString(), act: "key", by: "gate", subject: file, detail });
    },
  });
}

function sourcesOf({ options, env, cwd, signal }: CommandContext, progress: (message: string) => void): SourceContext {
  const seconds = options.number("timeout");
  const limits = {
    maxBytes: options.number("max-bytes") ?? DEFAULT_LIMITS.maxBytes,
    timeoutMs: seconds === undefined ? DEFAULT_LIMITS.timeoutMs : seconds * 1000,
  };
  return auditContext({ env, cwd, signal, limits, progress, offline: options.flag("offline") === true });
}

async function loading<T>({ options, env, stderr }: CommandContext, load: (progress: (message: string) => void) => Promise<T>): Promise<T> {
  const isQuiet = options.flag("quiet") === true || options.flag("progress") === false || (env["CI"] ?? "") !== "";
  const progress = startProgress(stderr, !isQuiet);
  try {
    return await load(progress.show);
  } finally {
    progress.end();
  }
}

/** SIGINT and SIGTERM are how a gate is ended: not an interruption of anything. */
function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
