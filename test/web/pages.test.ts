// Every page of the web app in a real browser, from a real server: what it shows, how it reads, that nothing of a release runs.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, startServer } from "../../src/server/serve.ts";
import { exportSite } from "../../src/server/static-export.ts";
import { folderWith, GOOD } from "../cli/made-up-release.ts";
import { goldenReports } from "../reports/reports.ts";
import { type MadeUpServer, madeUpServer } from "../server/made-up-server.ts";
import { hasBrowser, launchBrowser, overflow, violations } from "../support/browser.ts";

const root = join(import.meta.dirname, "../..");
const web = join(root, "dist", "web");

describe.skipIf(!hasBrowser)("the web app (skipped without Chromium)", () => {
  let browser: Browser;
  let made: MadeUpServer;
  let running: RunningServer;

  beforeAll(async () => {
    if (!existsSync(join(web, "index.html")))
      execFileSync(process.execPath, ["scripts/build.ts", "--no-types"], { cwd: root, stdio: "ignore" });
    made = await madeUpServer();
    // A second report of one release, so that there is a history.
    const [first] = goldenReports();
    if (first === undefined) throw new Error("no golden");
    const ref = `hf:made-up/${first[0]}`;
    const later = {
      ...first[1],
      target: { ...first[1].target, ref, digest: `sha256:${"1".repeat(64)}` },
      headline: { ...first[1].headline, word: "open" as const },
    };
    await made.catalogue.add(later, "2026-03-01T00:00:00Z");
    running = await startServer({ ...made.options, web });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await running.close();
    await made.close();
  });

  async function open(hash: string, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
    const page = await browser.newPage(options);
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto(`${running.url}/${hash}`);
    await page.waitForSelector("main h1, main .failure");
    expect(problems).toEqual([]);
    return page;
  }

  const PAGES = ["#/", "#/matrix", "#/charts", "#/release/1", "#/release/1?report=1"] as const;

  it.each(PAGES.flatMap((hash) => [1280, 390].map((width) => [hash, width] as const)))(
    "%s at %d: accessible, not wider than the window, in Chinese too",
    async (hash, width) => {
      const page = await open(hash, { viewport: { width, height: 900 }, bypassCSP: true, colorScheme: width === 390 ? "dark" : "light" });
      for (const language of ["en", "zh-Hant"]) {
        await page.selectOption(".language select", language);
        await page.waitForSelector("main h1");
        await page.waitForLoadState("networkidle");
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        expect(await violations(page)).toEqual([]);
      }
      await page.close();
    },
  );

  it("filters by what is chosen, keeps it in the address and clears it", async () => {
    const page = await open("#/");
    await page.waitForSelector(".releases li");
    const all = await page.locator(".releases li").count();
    await page.selectOption(".filters select >> nth=0", "shut");
    await expect.poll(() => page.url()).toContain("word%3Dshut");
    await expect.poll(() => page.locator(".releases li").count()).toBeLessThan(all);
    await page.getByRole("button", { name: "Clear" }).click();
    await expect.poll(() => page.locator(".releases li").count()).toBe(all);
    await page.fill("input[type=search]", "whole-release");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".releases li").count()).toBe(1);
    await page.close();
  });

  it("opens the evidence behind a cell of the matrix", async () => {
    const page = await open("#/matrix?where=publisher%3Dmade-up");
    await page.locator("button.cell").nth(8).click();
    await page.waitForSelector(".cell-evidence h2");
    expect(await page.locator(".cell-evidence").textContent()).toContain("hf:made-up/");
    await page.close();
  });

  it("shows the history of a release and what changed", async () => {
    const page = await open("#/release/1");
    await page.waitForSelector(".history li");
    expect(await page.locator(".history li").count()).toBe(2);
    await page.getByRole("button", { name: "What changed" }).click();
    await page.waitForSelector(".changes li");
    expect(await page.locator(".changes").textContent()).toContain("open");
    await page.close();
  });

  it("audits a pasted target live and goes to its page", async () => {
    const release = folderWith(GOOD);
    const page = await open("#/");
    await page.fill("input[name=target]", release.path);
    await page.getByRole("button", { name: "Audit" }).click();
    await page.waitForURL(/#\/release\//u);
    await expect.poll(() => page.locator("h1").textContent()).toContain(release.path);
    await page.goto(`${running.url}/#/`);
    await page.fill("input[name=target]", "https://10.0.0.1/x.git");
    await page.getByRole("button", { name: "Audit" }).click();
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("git");
    await page.close();
    release.remove();
  });

  it("shows hostile text as text on every page", async () => {
    const { releases } = await made.catalogue.list({ filter: { cells: [], text: "" }, limit: 100, after: null });
    const hostile = releases.find(({ key }) => key.includes("<script>"));
    expect(hostile).toBeDefined();
    for (const hash of ["#/", "#/matrix", "#/charts", `#/release/${hostile?.id}`]) {
      const page = await browser.newPage();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(`${running.url}/${hash}`);
      await page.waitForSelector("main h1");
      await page.waitForLoadState("networkidle");
      expect(asked.filter((url) => !url.startsWith(running.url))).toEqual([]);
      expect(await page.locator("main script, main img, main iframe").count()).toBe(0);
      await page.close();
    }
  });

  it("asks for the token of a server that has one, and then works, links and live audits too", async () => {
    const token = "k".repeat(40);
    const guarded = await startServer({ ...made.options, web, token });
    const page = await browser.newPage();
    await page.goto(`${guarded.url}/#/`);
    await page.fill("input[name=token]", "wrong");
    await page.getByRole("button", { name: "Open" }).click();
    await page.waitForSelector("[role=alert]");
    await page.fill("input[name=token]", token);
    await page.getByRole("button", { name: "Open" }).click();
    await page.waitForSelector(".releases li");
    const release = folderWith({ ...GOOD, "README.md": "# Another\n\nWeights of another model.\n" });
    await page.fill("input[name=target]", release.path);
    await page.getByRole("button", { name: "Audit" }).click();
    await page.waitForURL(/#\/release\//u);
    await page.waitForSelector(".formats a");
    await page.getByRole("link", { name: "html", exact: true }).click();
    await page.waitForSelector(".headline .word");
    await page.close();
    await guarded.close();
    release.remove();
  });

  it("says what is wrong with an address that leads nowhere", async () => {
    const page = await browser.newPage();
    await page.goto(`${running.url}/#/release/99999`);
    await page.waitForSelector("[role=alert]");
    await page.close();
  });

  it("works as a static export, served by anything", async () => {
    const folder = folderWith({});
    const site = join(folder.path, "site");
    const exported = await exportSite(made.catalogue, web, site, () => undefined);
    expect(exported.reports).toBeGreaterThan(exported.releases);
    await expect(exportSite(made.catalogue, web, site, () => undefined)).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE" });
    const host = await serveFolder(site);
    const page = await browser.newPage({ bypassCSP: false });
    const failed: string[] = [];
    page.on("requestfailed", (request) => failed.push(request.url()));
    page.on("response", (response) => response.status() >= 400 && failed.push(response.url()));
    for (const hash of PAGES) {
      await page.goto(`${host.url}/${hash}`);
      await page.waitForSelector("main h1");
      await page.waitForLoadState("networkidle");
    }
    await page.goto(`${host.url}/#/?q=whole-release`);
    await expect.poll(() => page.locator(".releases li").count()).toBe(1);
    expect(await page.locator(".audit").count()).toBe(0);
    expect(failed).toEqual([]);
    await page.close();
    host.server.close();
    folder.remove();
  });
});

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
};

/** The plainest of hosts. */
function serveFolder(folder: string): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const file = join(folder, path === "/" ? "index.html" : path);
    readFile(file).then(
      (bytes) => response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(bytes),
      () => response.writeHead(path === "/favicon.ico" ? 204 : 404).end(),
    );
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve({ server, url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}` });
    });
  });
}
