// Spans of calls, sent by OTLP over HTTP as JSON. The SDK of OpenTelemetry would bring thirty packages for what is one POST; the names
// of the attributes are those of its conventions: https://opentelemetry.io/docs/specs/semconv/gen-ai/
import { randomBytes } from "node:crypto";
import { Agent, type Dispatcher } from "undici";

export interface Span {
  readonly name: string;
  /** `traceparent` that came with the request. */
  readonly parent: string | undefined;
  readonly traceId: string;
  readonly spanId: string;
  /** Milliseconds since 1970. */
  readonly start: number;
}

export interface TracerOptions {
  /** Where to POST, e.g. http://127.0.0.1:4318/v1/traces. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly service: string;
  /** Closed with the tracer. */
  readonly dispatcher: Dispatcher;
}

type Attributes = Readonly<Record<string, string | number | boolean>>;

const MOST_WAITING = 4096;
const MOST_SENT = 512;
const EVERY_MS = 2000;
const SEND_MS = 10_000;

/** Spans that cannot be delivered are dropped: no call ever waits for its trace. */
export class Tracer {
  readonly #options: TracerOptions;
  readonly #timer: NodeJS.Timeout;
  #waiting: object[] = [];
  /** Spans that were not delivered, for the metrics. */
  dropped = 0;

  constructor(options: TracerOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#send(), EVERY_MS);
    this.#timer.unref();
  }

  begin(name: string, parent: string | undefined, now: number): Span {
    const traceId = parent === undefined ? randomBytes(16).toString("hex") : parent.slice(3, 35);
    return { name, parent, traceId, spanId: randomBytes(8).toString("hex"), start: now };
  }

  end(span: Span, now: number, failed: boolean, attributes: Attributes): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.dropped += 1;
      return;
    }
    this.#waiting.push({
      traceId: span.traceId,
      spanId: span.spanId,
      ...(span.parent === undefined ? {} : { parentSpanId: span.parent.slice(36, 52) }),
      name: span.name,
      kind: 2,
      startTimeUnixNano: `${Math.trunc(span.start)}000000`,
      endTimeUnixNano: `${Math.trunc(now)}000000`,
      attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) })),
      status: { code: failed ? 2 : 1 },
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    while (this.#waiting.length > 0) await this.#send();
    await this.#options.dispatcher.close();
  }

  async #send(): Promise<void> {
    const spans = this.#waiting.slice(0, MOST_SENT);
    this.#waiting = this.#waiting.slice(MOST_SENT);
    if (spans.length === 0) return;
    const { url, headers, service, dispatcher } = this.#options;
    const resource = { attributes: [{ key: "service.name", value: { stringValue: service } }] };
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "ajar.gate" }, spans }] }] });
    const { origin, pathname, search } = new URL(url);
    try {
      const answer = await dispatcher.request({
        origin,
        path: `${pathname}${search}`,
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body,
        headersTimeout: SEND_MS,
        bodyTimeout: SEND_MS,
      });
      await answer.body.dump();
      if (answer.statusCode >= 300) this.dropped += spans.length;
    } catch {
      this.dropped += spans.length;
    }
  }
}

/** What an engine is told, so that its spans hang below this one. */
export function traceHeader(span: Span): string {
  return `00-${span.traceId}-${span.spanId}-01`;
}

function anyValue(value: string | number | boolean): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** A tracer where the environment names a collector, as OpenTelemetry's SDKs read it; null where it does not. */
export function tracerFromEnv(env: Readonly<Record<string, string | undefined>>): Tracer | null {
  const base = env["OTEL_EXPORTER_OTLP_ENDPOINT"];
  const url = env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] ?? (base ? `${base.replace(/\/+$/u, "")}/v1/traces` : undefined);
  if (!url || env["OTEL_SDK_DISABLED"] === "true" || !URL.canParse(url)) return null;
  const pairs = (env["OTEL_EXPORTER_OTLP_HEADERS"] ?? "").split(",").map((pair) => pair.split("="));
  const headers = Object.fromEntries(pairs.flatMap(([name, value]) => (name && value ? [[name.trim(), value.trim()]] : [])));
  return new Tracer({ url, headers, service: env["OTEL_SERVICE_NAME"] ?? "ajar-gate", dispatcher: new Agent() });
}
