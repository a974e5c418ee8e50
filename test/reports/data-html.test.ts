// The page of `ajar data` in a real browser: every language, both schemes, desk and phone; and with everything that data could smuggle in.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import type { DataReport } from "../../src/core/dataset.ts";
import { renderDataHtml } from "../../src/reports/data/html.ts";
import { LANGUAGES } from "../../src/reports/language.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { hasBrowser, launchBrowser, overflow, violations } from "../support/browser.ts";
import { ATTACKS, expectHarmless } from "./attacks.ts";

let folder = "";
let report: DataReport;
const ADDRESS = "anna.schmidt";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ajar-data-html-"));
  const texts = [
    `write to ${ADDRESS}@gmail.com or call +49 30 901820, https://example.org/page`,
    "版权归原作者所有，未经许可不得转载。今天的天气很好，我们去公园散步。",
    "Ã©tÃ© Ã  la plage, dÃ©jÃ  vu",
    "The committee met to discuss the budget of the railway and said nothing new about it.",
  ];
  const rows = Array.from({ length: 200 }, (_, at) => JSON.stringify({ text: `${texts[at % 4]} ${at % 100}`, id: `${at}` }));
  writeFileSync(join(folder, "train.jsonl"), `${rows.join("\n")}\n{broken\n`);
  writeFileSync(join(folder, "test.jsonl"), rows.slice(0, 50).join("\n"));
  writeFileSync(join(folder, "cut.jsonl.gz"), Buffer.from([0x1f, 0x8b, 8, 0]));
  const { stdout } = await runInProcess(["data", folder, "--against", join(folder, "test.jsonl"), "-f", "json"]);
  report = JSON.parse(stdout) as DataReport;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS = { language: "en", verbose: false, color: false, width: 80 } as const;
/** Words of the report's own, which no data can change. */
const OWN: readonly string[] = ["level", "basis", "mode", "code", "title", "why", "remedy", "tag", "format", "packing", "digest", "splits"];

/** A value with every text in it that comes from the data replaced. */
function smuggled(value: unknown, text: string, key = ""): unknown {
  if (typeof value === "string") return OWN.includes(key) ? value : text;
  if (Array.isArray(value)) return value.map((item) => smuggled(item, text, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, smuggled(inner, text, name)]));
}

async function written(targets: readonly string[], data: DataReport, name = "data.html"): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, renderDataHtml({ targets, report: data }, OPTIONS));
  return pathToFileURL(file).href;
}

test("shows what was found by its shape, never the value, and is the same each time", async () => {
  const page = renderDataHtml({ targets: [folder], report }, OPTIONS);
  expect(page).toContain("aaaa.aaaaaaa@aaaaa.aaa");
  expect(page).not.toContain(ADDRESS);
  expect(page).not.toContain("901820");
  expect(renderDataHtml({ targets: [folder], report }, OPTIONS)).toBe(page);
});

test("`-o` by the ending of a name and `-f html` write it; the table of files has an end", async () => {
  const path = join(folder, "out.html");
  const { code, stdout } = await runInProcess(["data", join(folder, "train.jsonl"), "-f", "html", "--lang", "zh-Hant"]);
  expect(code).toBe(0);
  expect(stdout).toContain('<html lang="zh-Hant">');
  expect((await runInProcess(["data", join(folder, "train.jsonl"), "-o", path])).code).toBe(0);
  const many = Array.from({ length: 2000 }, (_, at) => ({ ...report.files[0], path: `${at}.jsonl` })) as DataReport["files"];
  const page = renderDataHtml({ targets: [folder], report: { ...report, files: many } }, OPTIONS);
  expect(page.split("<tr role=").length).toBe(302);
  expect(page).toContain("and 1700 more");
});

describe.skipIf(!hasBrowser)("the page of the data (skipped without Chromium)", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  async function open(href: string, options: Parameters<Browser["newPage"]>[0]): Promise<Page> {
    const page = await browser.newPage(options);
    await page.goto(href);
    return page;
  }

  it.each((["light", "dark"] as const).flatMap((colorScheme) => [1280, 390].map((width) => [colorScheme, width] as const)))(
    "%s, %d wide: accessible and not wider than the window, in every language",
    async (colorScheme, width) => {
      const page = await open(await written([folder], report), { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      for (const language of LANGUAGES) {
        await page.check(`#lang-${language}`);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        expect(await violations(page)).toEqual([]);
      }
      await page.close();
    },
  );

  it("is accessible with nothing found and with names of any length", async () => {
    const empty = { ...report, rules: [], lines: [], domains: [], languages: [], overlaps: [], noneAbove: 0.01 };
    const long = smuggled(report, "a".repeat(5000)) as DataReport;
    for (const data of [empty, long]) {
      const page = await open(await written(["x".repeat(5000)], data), { viewport: { width: 390, height: 900 }, bypassCSP: true });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
      await page.close();
    }
  });

  it.each(ATTACKS)("runs, loads and rewrites nothing: %s", async (attack) => {
    const href = await written([attack, attack], smuggled(report, attack) as DataReport, "attack.html");
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(href);
    await page.waitForTimeout(20);
    expect(asked).toEqual([href]);
    await expectHarmless(page);
    expect(await page.locator("footer").isVisible()).toBe(true);
    await page.close();
  });

  it("does not with real files either: columns, cells and names of attacks", async () => {
    const release = mkdtempSync(join(tmpdir(), "ajar-data-attack-"));
    const rows = ATTACKS.map((attack, at) => JSON.stringify({ [attack]: `${attack} write to bob.miller${at}@gmail.com\n${attack}` }));
    writeFileSync(join(release, "<img src=x onerror=alert(1)>.jsonl"), [...rows, ...rows, ...rows].join("\n"));
    const file = join(folder, "real.html");
    await runInProcess(["data", release, "-o", `html=${file}`, "-q"]);
    rmSync(release, { recursive: true });
    const page = await open(pathToFileURL(file).href, {});
    await expectHarmless(page);
    expect(await page.locator(".finding").count()).toBeGreaterThan(0);
    await page.close();
  });
});
