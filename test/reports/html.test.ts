// The HTML report in a real browser: every language, both schemes, desk and phone; and with everything a release could smuggle in.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/core/report.ts";
import { LANGUAGES, type Language } from "../../src/reports/language.ts";
import { renderReport } from "../../src/reports/render-report.ts";
import { hasBrowser, launchBrowser, overflow, violations } from "../support/browser.ts";
import { ATTACKS, expectHarmless } from "./attacks.ts";
import { goldenReports, hostileReport } from "./reports.ts";

describe.skipIf(!hasBrowser)("the HTML report (skipped without Chromium)", () => {
  let browser: Browser;
  let folder = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "ajar-html-"));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(report: Report, options: Parameters<Browser["newPage"]>[0], language: Language = "en"): Promise<Page> {
    const file = join(folder, "report.html");
    writeFileSync(file, await renderReport(report, "html", { language }));
    const page = await browser.newPage(options);
    await page.goto(pathToFileURL(file).href);
    return page;
  }

  it.each((["light", "dark"] as const).flatMap((colorScheme) => [1280, 390].map((width) => [colorScheme, width] as const)))(
    "%s, %d wide: accessible and not wider than the window, in every language",
    async (colorScheme, width) => {
      const page = await open(richest(), { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      for (const language of LANGUAGES) {
        await page.check(`#lang-${language}`);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        expect(await violations(page)).toEqual([]);
      }
      await page.close();
    },
  );

  it.each(goldenReports())("%s is accessible at phone width", async (_, report) => {
    const page = await open(report, { viewport: { width: 390, height: 900 }, bypassCSP: true });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  it("shows one language at a time, switched by the keyboard alone", async () => {
    const page = await open(richest(), {}, "en");
    const word = page.locator(".headline .word");
    expect(await word.locator("span:visible").textContent()).toMatch(/^[a-z]+$/u);
    await page.focus("#lang-en");
    await page.keyboard.press("ArrowRight");
    expect(await word.locator("span:visible").textContent()).toMatch(/^\p{Script=Han}+$/u);
    await page.close();
  });

  it("opens a criterion at its quotes, and a number at its evidence", async () => {
    const page = await open(richest(), {});
    const criterion = page.locator("details.criterion:has(blockquote)").first();
    expect(await criterion.locator("blockquote").first().isVisible()).toBe(false);
    await criterion.locator("summary").focus();
    await page.keyboard.press("Enter");
    expect(await criterion.locator("blockquote").first().isVisible()).toBe(true);
    await criterion.locator("a.ref").first().click();
    expect(await page.locator(".evidence li:target").count()).toBe(1);
    await page.close();
  });

  it("prints criteria with their grounds", async () => {
    const page = await open(richest(), {});
    await page.emulateMedia({ media: "print" });
    const hidden = await page.evaluate<number>(
      "[...document.querySelectorAll('details .body')].filter((body) => body.clientHeight === 0).length",
    );
    expect(hidden).toBe(0);
    await page.close();
  });

  it.each(ATTACKS)("runs, loads and rewrites nothing: %s", async (attack) => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const file = join(folder, "attack.html");
    writeFileSync(file, await renderReport(hostileReport(attack), "html"));
    await page.goto(pathToFileURL(file).href);
    await page.waitForTimeout(20);
    expect(await page.title()).not.toBe("run");
    expect(asked).toEqual([pathToFileURL(file).href]);
    await expectHarmless(page);
    expect(await page.locator("footer").isVisible()).toBe(true);
    await page.close();
  });
});

function richest(): Report {
  const [first, ...others] = goldenReports().map(([, report]) => report);
  if (first === undefined) throw new Error("no goldens");
  return others.reduce((best, report) => (report.evidence.length > best.evidence.length ? report : best), first);
}
