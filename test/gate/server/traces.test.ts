import { expect, it } from "vitest";
import { tracerFromEnv } from "../../../src/gate/server/traces.ts";
import { testGate } from "../../support/gate.ts";
import { scriptedUpstream } from "../../support/scripted-upstream.ts";

it("sends a span of each call to the collector that the environment names, below the client's and above the engine's", async () => {
  const upstream = await scriptedUpstream();
  const collector = await scriptedUpstream(() => ({ parts: ["{}"] }));
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.replace("/v1", "/"), OTEL_EXPORTER_OTLP_HEADERS: "x-team=terns" };
  const tracer = tracerFromEnv(env);
  const gate = await testGate({ upstream: upstream.url, tracer });
  const traceparent = `00-${"1".repeat(32)}-${"2".repeat(16)}-01`;
  const headers = { "content-type": "application/json", traceparent };
  const body = JSON.stringify({ model: "tern", messages: [{ role: "user", content: "canary-prompt" }] });
  await (await fetch(`${gate.url}/v1/chat/completions`, { method: "POST", headers, body })).text();
  await gate.close();
  const [sent] = collector.seen;
  expect(sent).toMatchObject({ path: "/v1/traces", headers: { "x-team": "terns" } });
  const [span] = JSON.parse(sent?.body ?? "").resourceSpans[0].scopeSpans[0].spans;
  expect(span).toMatchObject({ traceId: "1".repeat(32), parentSpanId: "2".repeat(16), kind: 2, status: { code: 1 } });
  expect(span.attributes).toContainEqual({ key: "gen_ai.usage.output_tokens", value: { intValue: "2" } });
  expect(upstream.seen[0]?.headers["traceparent"]).toBe(`00-${"1".repeat(32)}-${span.spanId}-01`);
  expect(sent?.body).not.toContain("canary");
  await upstream.close();
  await collector.close();
});

it("is nothing where none is named", () => {
  expect(tracerFromEnv({})).toBeNull();
  expect(tracerFromEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://a.example", OTEL_SDK_DISABLED: "true" })).toBeNull();
});
