import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, test } from "vitest";
import { digestOf, feedOf, madeUpAdvisory, newKey } from "../../../test/gate/doors/made-up-feed.ts";
import { madeUpModel } from "../../../test/gate/doors/made-up-model.ts";
import type { LogRecord, ModelEntry } from "../contract.ts";
import { RecallBook } from "../doors/recalls/book.ts";
import { parseGateConfig } from "./config.ts";
import { feedsView, feedTrust, logRecalls } from "./recalls.ts";

const folders: string[] = [];
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});
const recallsOf = (yaml: string) => feedTrust(parseGateConfig(`version: 1\nrecalls:\n${yaml}`, "gate.yaml").recalls);
const key = newKey();

it("a feed is believed as the configuration says, and by default only warns", () => {
  expect(recallsOf(`  - { from: a.json, key: "${key.publicKey}" }`)).toMatchObject([
    { from: "a.json", role: "third-party", mayBlock: false, declaredLinks: "warn", onStale: "warn", threshold: 1 },
  ]);
  expect(
    recallsOf(`  - { from: a, key: "${key.publicKey}", role: publisher, namespaces: [Acme], on_stale: block, max_age_hours: 2 }`),
  ).toMatchObject([{ role: "publisher", namespaces: ["acme"], onStale: "block", maxAgeMs: 7_200_000 }]);
});

it("a key may have a day on which it ends", () => {
  const next = newKey();
  const [trust] = recallsOf(
    `  - { from: a, keys: ["${key.publicKey}", { key: "${next.publicKey}", not_after: 2027-01-31 }], threshold: 2 }`,
  );
  expect(trust?.keys).toEqual([key.publicKey, next.publicKey]);
  expect([...(trust?.ends ?? [])]).toEqual([[next.publicKey, Date.parse("2027-01-31T00:00:00Z")]]);
});

test.each([
  ["  - { from: a.json, keys: [{ key: abc, not_after: 2027-01-31 }] }", "BAD_CONFIG"],
  [`  - { from: a.json, keys: [{ key: "${key.publicKey}", not_after: 2027-02-30 }] }`, "BAD_CONFIG"],
  [`  - { from: a.json, keys: [{ key: "${key.publicKey}" }] }`, "BAD_CONFIG"],
  ["  - { from: a.json }", "BAD_CONFIG"],
  ["  - { from: a.json, key: abc }", "BAD_CONFIG"],
  [`  - { from: a.json, key: "${key.publicKey}", threshold: 2 }`, "BAD_CONFIG"],
  [`  - { from: "http://a.example/f", key: "${key.publicKey}" }`, "BAD_OPTION"],
  [`  - { from: a.json, key: "${key.publicKey}", role: owner }`, "BAD_CONFIG"],
])("%s is refused", (yaml, code) => {
  expect(() => recallsOf(yaml)).toThrow(expect.objectContaining({ code }));
});

it("operators see feeds with what concerns their models, and every change is in the log", async () => {
  const place = mkdtempSync(join(tmpdir(), "ajar-recalls-"));
  folders.push(place);
  const path = join(place, "feed.json");
  writeFileSync(path, feedOf([], key));
  const now = () => new Date("2026-11-25T00:00:00Z");
  const feeds = recallsOf(`  - { from: "${path}", key: "${key.publicKey}", role: operator }`);
  const book = new RecallBook({ feeds, fetch: () => Promise.reject(new Error("none")), folder: null, now, random: () => 0 });
  await book.refresh();
  const model = madeUpModel({ id: "tern", fileDigests: [digestOf("a")] });
  const models = [{ model } as ModelEntry];
  const records: LogRecord[] = [];
  const stop = logRecalls(book, models, { append: async (record) => void records.push(record), close: async () => undefined }, now);
  writeFileSync(
    path,
    feedOf([madeUpAdvisory(), madeUpAdvisory({ id: "x_ACME-2", affected: { purl: "pkg:huggingface/x/y", match: [] } })], key, {
      sequence: 2,
    }),
  );
  await book.refresh();
  await book.refresh();
  expect(feedsView(book, models)).toEqual([
    {
      source: path,
      state: "fresh",
      sequence: 2,
      expires: "2026-12-24T00:00:00Z",
      advisories: [{ id: "x_ACME-1", summary: "recalled by x_ACME-1", models: ["tern (block)"] }],
    },
  ]);
  rmSync(path);
  await book.refresh();
  expect(feedsView(book, models)[0]).toMatchObject({ state: expect.stringMatching(/cannot be read/u) });
  stop();
  book.close();
  expect(
    records.map((record) =>
      record.kind === "act" ? [record.act, record.subject, record.detail["sequence"] ?? record.detail["advisories"]] : [],
    ),
  ).toEqual([
    ["recall", path, 1],
    ["recall", path, 2],
    ["recall", "tern", [{ id: "x_ACME-1", decision: "block", by: "file" }]],
    ["recall", path, 2],
  ]);
});
