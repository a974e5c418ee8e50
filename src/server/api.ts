// The catalogue over HTTP: JSON in, JSON out. docs/server.md lists the addresses.
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import { conditionOf } from "../catalogue/condition.ts";
import { type Catalogue, type Filter, MAX_PAGE } from "../catalogue/store.ts";
import { diffReports } from "../comparison/diff.ts";
import { AjarError, type ErrorCode } from "../core/errors.ts";
import type { AuditQueue } from "../jobs/local-queue.ts";
import { FORMATS, type FormatId } from "../reports/formats.generated.ts";
import { LANGUAGES, type Language } from "../reports/language.ts";
import { catalog } from "../reports/messages.ts";
import { renderReport } from "../reports/render-report.ts";
import { isToken, sessionCookie } from "./guard.ts";

export interface ApiTools {
  readonly catalogue: Catalogue;
  /** Null: this server only shows what is there. */
  readonly queue: AuditQueue | null;
  /** Why a target may not be audited through the server; null when it may. */
  readonly refuses: (target: string) => string | null;
  readonly version: string;
  /** Asked of every request when set. */
  readonly token: string | null;
}

const MAX_BODY_BYTES = 64 * 1024;
const MAX_TARGET = 2000;
/** A question of the page has a few of each; more only keeps the database busy. */
const MAX_CONDITIONS = 40;
const MAX_VALUES = 100;
const MAX_TEXT = 1000;

const STATUS: Readonly<Partial<Record<ErrorCode, 400 | 403 | 404 | 503>>> = {
  BAD_OPTION: 400,
  BAD_REFERENCE: 400,
  NOT_FOUND: 404,
  FORBIDDEN_TARGET: 403,
  BUSY: 503,
};

/** Types that a browser shows; everything else is a download, so that nothing of a release is run as a page of this server. */
const MEDIA: Readonly<Partial<Record<FormatId, string>>> = {
  json: "application/json",
  markdown: "text/plain",
  table: "text/plain",
  csv: "text/plain",
};

export function api({ catalogue, queue, refuses, version, token }: ApiTools): Hono {
  const app = new Hono();
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) =>
        context.json({ error: { code: "OVER_LIMIT", message: `more than ${MAX_BODY_BYTES} bytes`, subject: null, hint: null } }, 413),
    }),
  );
  app.onError((failure, context) => {
    const error = failure instanceof AjarError ? failure : new AjarError("BUG", failure.message);
    const body = { code: error.code, message: error.message, subject: error.subject ?? null, hint: error.hint ?? null };
    return context.json({ error: body }, STATUS[error.code] ?? 500);
  });

  app.get("/status", async (context) =>
    context.json({ version, engine: catalogue.engineName, audits: queue !== null, ...(await catalogue.size()) }),
  );
  app.get("/messages/:language", (context) => {
    const language = LANGUAGES.find((one) => one === context.req.param("language"));
    if (language === undefined) throw notFound(context);
    context.header("Cache-Control", "public, max-age=3600");
    return context.json(messagesOf(language));
  });
  app.get("/releases", async (context) =>
    context.json(
      await catalogue.list({ filter: filterOf(context), limit: numberOf(context, "limit") ?? 50, after: numberOf(context, "after") }),
    ),
  );
  app.get("/releases/:id", async (context) => context.json((await catalogue.release(idOf(context))) ?? fail(context)));
  app.get("/releases/:id/history", async (context) => context.json(await catalogue.history(idOf(context))));
  app.get("/counts/:cell", async (context) =>
    context.json(await catalogue.counts(context.req.param("cell"), Math.min(numberOf(context, "limit") ?? 50, MAX_PAGE))),
  );
  app.get("/charts", async (context) =>
    context.json({
      overTime: await catalogue.overTime(),
      byPublisher: await catalogue.wordsBy("publisher", 15),
      byLicense: await catalogue.wordsBy("license", 15),
    }),
  );
  app.get("/reports/:id", async (context) => context.json((await catalogue.report(idOf(context))) ?? fail(context)));
  app.get("/reports/:id/:format", async (context) => {
    const format = FORMATS.find((one) => one === context.req.param("format"));
    const report = await catalogue.report(idOf(context));
    if (format === undefined || report === null) throw notFound(context);
    const language = LANGUAGES.find((one) => one === context.req.query("lang")) ?? "en";
    const text = await renderReport(report, format, { language });
    if (format === "html") {
      // The report brings its own, stricter policy; it must not be loosened or widened by the server's.
      return context.body(text, 200, {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "sandbox; frame-ancestors 'self'",
      });
    }
    const shown = MEDIA[format];
    context.header("Content-Type", `${shown ?? "application/octet-stream"}; charset=utf-8`);
    if (shown === undefined) context.header("Content-Disposition", `attachment; filename="report-${idOf(context)}.${format}"`);
    return context.body(text);
  });
  app.get("/diff", async (context) => {
    const [from, to] = [numberOf(context, "from"), numberOf(context, "to")];
    const [before, after] = [from === null ? null : await catalogue.report(from), to === null ? null : await catalogue.report(to)];
    if (before === null || after === null) throw notFound(context);
    return context.json(diffReports(before, after));
  });

  app.post("/session", async (context) => {
    const given = await sentText(context, "token");
    if (token !== null && !isToken(given ?? "", token)) {
      return context.json(
        { error: { code: "UNAUTHORIZED", message: "this is not the token of this server", subject: null, hint: null } },
        401,
      );
    }
    if (token !== null) context.header("Set-Cookie", sessionCookie(token));
    return context.body(null, 204);
  });
  app.post("/audits", async (context) => {
    if (queue === null) throw new AjarError("FORBIDDEN_TARGET", "this server audits nothing", { hint: "Start it with ajar ui." });
    const target = await sentText(context, "target");
    if (target === null || target.trim() === "" || target.length > MAX_TARGET) {
      throw new AjarError("BAD_OPTION", "no target is named", { hint: 'Send {"target": "hf:owner/name"}.' });
    }
    const reason = refuses(target.trim());
    if (reason !== null)
      throw new AjarError("FORBIDDEN_TARGET", reason, { subject: target, hint: "Audit it with ajar audit on the machine that holds it." });
    return context.json({ id: await queue.enqueue({ target: target.trim() }) }, 202);
  });
  app.get("/audits/:id", async (context) => context.json((await queue?.state(context.req.param("id"))) ?? fail(context)));
  app.get("/audits/:id/events", async (context) => {
    const id = context.req.param("id");
    if (queue === null || (await queue.state(id)) === null) throw notFound(context);
    return streamSSE(context, async (stream) => {
      const left = new AbortController();
      stream.onAbort(() => left.abort());
      for await (const state of queue.watch(id, left.signal)) await stream.writeSSE({ event: "state", data: JSON.stringify(state) });
    });
  });
  return app;
}

/** A text in the JSON that was sent. A form of another site cannot send that type. @throws AjarError BAD_OPTION */
async function sentText(context: Context, key: string): Promise<string | null> {
  if (context.req.header("content-type")?.startsWith("application/json") !== true)
    throw new AjarError("BAD_OPTION", "the body is not JSON");
  const body: unknown = await context.req.json().catch(() => null);
  const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, key) : null;
  return typeof value === "string" ? value : null;
}

function notFound(context: Context): AjarError {
  return new AjarError("NOT_FOUND", "there is nothing at this address", { subject: context.req.path });
}

function fail(context: Context): never {
  throw notFound(context);
}

function idOf(context: Context): number {
  const id = Number(context.req.param("id"));
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw notFound(context);
}

function numberOf(context: Context, name: string): number | null {
  const text = context.req.query(name);
  if (text === undefined) return null;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new AjarError("BAD_OPTION", "is not a number above zero", { subject: `${name}=${text}` });
}

/** `where=CELL=VALUE|VALUE`, repeated, and `q=words`. */
function filterOf(context: Context): Filter {
  const words = context.req.queries("where") ?? [];
  const text = context.req.query("q") ?? "";
  if (words.length > MAX_CONDITIONS) throw new AjarError("BAD_OPTION", `more than ${MAX_CONDITIONS} conditions`, { subject: "where" });
  if (text.length > MAX_TEXT) throw new AjarError("BAD_OPTION", `more than ${MAX_TEXT} characters`, { subject: "q" });
  const cells = words.map((word) => {
    const condition = conditionOf(word);
    if (condition === null) throw new AjarError("BAD_OPTION", "is not a condition", { subject: `where=${word}` });
    if (condition.values.length > MAX_VALUES) throw new AjarError("BAD_OPTION", `more than ${MAX_VALUES} values`, { subject: "where" });
    return condition;
  });
  return { cells, text };
}

/** All words that a page shows. */
function messagesOf(language: Language): Readonly<Record<string, string>> {
  return Object.fromEntries(catalog(language));
}
