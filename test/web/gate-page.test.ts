// The gate's page in a real browser, served by a gate with its policy of content: what it shows, that it shuts and opens, how it reads.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gatePages } from "../../src/cli/gate/pages.ts";
import type { Engine, EngineState, JsonObject, KeyBook } from "../../src/gate/contract.ts";
import { adminOf, type DoorKeeper } from "../../src/gate/serve/admin.ts";
import { ChangedDoors } from "../../src/gate/serve/changed-doors.ts";
import { WatchedLog } from "../../src/gate/serve/decisions.ts";
import { hasBrowser, launchBrowser, overflow, violations } from "../support/browser.ts";
import { MODEL, type TestGate, testGate } from "../support/gate.ts";
import { type ScriptedUpstream, scriptedUpstream } from "../support/scripted-upstream.ts";

const root = join(import.meta.dirname, "../..");
const pagesFolder = join(root, "dist", "gate");
const OTHER = `sha256:${"b".repeat(64)}`;

describe.skipIf(!hasBrowser)("the gate's page (skipped without Chromium)", () => {
  let browser: Browser;
  let upstream: ScriptedUpstream;
  const gates: TestGate[] = [];

  beforeAll(async () => {
    if (!existsSync(join(pagesFolder, "index.html")))
      execFileSync(process.execPath, ["scripts/build.ts", "--no-types"], { cwd: root, stdio: "ignore" });
    upstream = await scriptedUpstream();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    for (const gate of gates) await gate.close();
    await upstream.close();
  });

  /** A gate whose doors are turned in memory; with another one shut, and a feed with an advisory. */
  async function start(keys: KeyBook | null = null, state?: EngineState): Promise<TestGate> {
    const parts: { admin?: ReturnType<typeof adminOf> } = {};
    const made = await testGate({
      upstream: upstream.url,
      keys,
      parts: { pages: gatePages(pagesFolder), admin: async (request) => (await parts.admin?.(request)) ?? null },
    });
    gates.push(made);
    const shut = new Map<string, JsonObject>([[OTHER, { subject: OTHER, reason: "leaks secrets", since: "2026-01-01T00:00:00Z" }]]);
    const keeper: DoorKeeper = {
      shut: async (subject, reason) => {
        shut.set(subject, { subject, reason, since: "2026-01-02T03:04:05Z" });
        made.doors.set(MODEL.id, { kind: "shut", code: "model_disabled", reason, since: "2026-01-02T03:04:05Z" });
        return {};
      },
      open: async (subject) => {
        shut.delete(subject);
        made.doors.set(MODEL.id, { kind: "open" });
        return {};
      },
      overview: async () => ({
        shut: [...shut.values()],
        feeds: [
          {
            source: "https://recalls.example/feed.json",
            state: "current",
            expires: "2026-02-01T00:00:00Z",
            advisories: [{ id: "AJAR-2026-1", summary: "trained to leak", models: ["tern"] }],
          },
        ],
      }),
    };
    const log = new WatchedLog(made.log);
    await log.append({ kind: "act", at: "2026-01-02T03:04:05Z", act: "start", by: "gate", subject: MODEL.id, detail: {} });
    const engine: Engine = state === undefined ? made.engine : Object.assign(Object.create(made.engine) as Engine, { state: () => state });
    const model = { model: MODEL, engine, engineModel: "scripted", audit: {}, concurrency: 1 };
    const policy = () => ({ id: "house@1", digest: OTHER, filters: ["personal-data@1"] });
    parts.admin = adminOf({ models: [model], doors: new ChangedDoors(made.doors), keeper, log, policy });
    return made;
  }

  async function open(gate: TestGate, options: Parameters<Browser["newPage"]>[0] = {}): Promise<{ page: Page; problems: string[] }> {
    const page = await browser.newPage(options);
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto(gate.url);
    await page.waitForSelector("main h1");
    return { page, problems };
  }

  it.each([1280, 390])("is accessible and not wider than the window at %d, in three languages", async (width) => {
    const { page, problems } = await open(await start(), {
      viewport: { width, height: 900 },
      bypassCSP: true,
      colorScheme: width === 390 ? "dark" : "light",
    });
    for (const language of ["en", "zh-Hans", "zh-Hant"]) {
      await page.selectOption(".language select", language);
      await page.waitForSelector(`html[lang=${language}]`);
      await page.waitForSelector(".model");
      await page.click(".shut button >> nth=0");
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
      expect(await page.textContent("main")).not.toMatch(/web\.gate\.|\{\w+\}/u);
      await page.reload();
      await page.waitForSelector(".model");
    }
    expect(problems).toEqual([]);
    await page.close();
  });

  it("shows models, doors, recalls and decisions; shuts a door, and opens it only when its name is written again", async () => {
    const gate = await start();
    const { page, problems } = await open(gate);
    await page.waitForSelector(".model");
    const text = (await page.textContent("main")) ?? "";
    for (const part of ["tern", "Apache-2.0", "leaks secrets", "AJAR-2026-1", "house@1", "personal-data@1", "start"])
      expect(text).toContain(part);
    await page.click(".model button.shut");
    await page.fill(".model input[name=reason]", "a test");
    await page.click(".model form button");
    await page.waitForSelector(".model.shut");
    expect(gate.doors.state(MODEL)).toMatchObject({ kind: "shut", reason: "a test" });
    await page.click(".model button.open");
    await page.fill(".model input[name=reason]", "over");
    await page.fill(".model input[name=confirm]", "ter");
    await page.click(".model form button");
    await page.waitForSelector(".model .failure");
    expect(gate.doors.state(MODEL).kind).toBe("shut");
    await page.fill(".model input[name=confirm]", "tern");
    await page.click(".model form button");
    await page.waitForSelector(".model.open");
    // The browser itself tells of the answer 400 that was wanted here.
    expect(problems.filter((problem) => !problem.includes("400"))).toEqual([]);
    await page.close();
  });

  it.each<[EngineState, RegExp]>([
    [{ kind: "ready", pid: 1 }, /Process\s*running/u],
    [{ kind: "restarting", reason: "SIGABRT" }, /started again \(SIGABRT\)/u],
    [{ kind: "failed", reason: "SIGKILL" }, /stays down.*\(SIGKILL\)/u],
  ])("says how a model's process is: %j", async (state, told) => {
    const { page, problems } = await open(await start(null, state));
    await page.waitForSelector(".model");
    expect(await page.textContent(".model")).toMatch(told);
    expect(problems).toEqual([]);
    await page.close();
  });

  it("asks for a key where there are keys, and takes only one with the scope admin", async () => {
    const holder = (scopes: readonly string[]) => ({ caller: { keyId: "k", scopes }, requestsPerMinute: null, tokensPerMinute: null });
    const keys: KeyBook = {
      find: (key) => (key === "ajar_root_1" ? holder(["admin"]) : key === "ajar_user_1" ? holder(["model:*"]) : null),
      close: () => undefined,
    };
    const { page } = await open(await start(keys));
    await page.fill("#key", "ajar_user_1");
    await page.click("form button");
    await expect.poll(() => page.textContent(".failure")).toContain("admin");
    await page.fill("#key", "ajar_root_1");
    await page.click("form button");
    await page.waitForSelector(".model");
    expect(await page.evaluate("JSON.stringify(localStorage)")).not.toContain("ajar_root_1");
    await page.close();
  });
});
