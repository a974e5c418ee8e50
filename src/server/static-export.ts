// The web app with all its data as files: any web host can serve it, and nothing runs on the host.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Catalogue, type HistoryEntry, type ListedRelease, MAX_PAGE } from "../catalogue/store.ts";
import { diffReports } from "../comparison/diff.ts";
import { AjarError } from "../core/errors.ts";
import { LANGUAGES } from "../reports/language.ts";
import { catalog } from "../reports/messages.ts";
import { renderReport } from "../reports/render-report.ts";

/** A policy for hosts that send none of their own. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'";

export interface Exported {
  readonly releases: number;
  readonly reports: number;
}

/**
 * Writes the site into a folder that is not there yet or is empty; it appears whole or not at all.
 * @throws AjarError OUTPUT_UNWRITABLE
 */
export async function exportSite(
  catalogue: Catalogue,
  web: string,
  folder: string,
  progress: (message: string) => void,
): Promise<Exported> {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new AjarError("OUTPUT_UNWRITABLE", "the folder is not empty", { subject: folder, hint: "Name a new folder." });
  }
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`));
  try {
    const exported = await fill(draft, catalogue, web, progress);
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
    return exported;
  } catch (failure) {
    rmSync(draft, { recursive: true, force: true });
    throw failure;
  }
}

async function fill(draft: string, catalogue: Catalogue, web: string, progress: (message: string) => void): Promise<Exported> {
  cpSync(web, draft, { recursive: true });
  const page = readFileSync(join(web, "index.html"), "utf8");
  const meta = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n<meta name="ajar-data" content="files">`;
  writeFileSync(join(draft, "index.html"), page.replace('<meta name="ajar-data" content="api">', meta));
  for (const name of ["messages", "history", "reports", "diffs"]) mkdirSync(join(draft, "data", name), { recursive: true });
  const put = (name: string, value: unknown): void => writeFileSync(join(draft, "data", name), JSON.stringify(value));
  for (const language of LANGUAGES) put(`messages/${language}.json`, Object.fromEntries(catalog(language)));
  put("charts.json", {
    overTime: await catalogue.overTime(),
    byPublisher: await catalogue.wordsBy("publisher", 15),
    byLicense: await catalogue.wordsBy("license", 15),
  });
  const releases: ListedRelease[] = [];
  let reports = 0;
  let after: number | null = null;
  do {
    const { releases: some, next } = await catalogue.list({ filter: { cells: [], text: "" }, limit: MAX_PAGE, after });
    for (const release of some) {
      const history = await catalogue.history(release.id);
      put(`history/${release.id}.json`, history);
      reports += await putReports(draft, catalogue, history);
      releases.push(release);
      progress(`${releases.length} releases written`);
    }
    after = next;
  } while (after !== null);
  put("releases.json", releases);
  return { releases: releases.length, reports };
}

/** Each report as JSON and HTML, and what changed since the one before. */
async function putReports(draft: string, catalogue: Catalogue, history: readonly HistoryEntry[]): Promise<number> {
  for (const [index, { id }] of history.entries()) {
    const report = await catalogue.report(id);
    if (report === null) continue;
    writeFileSync(join(draft, "data", "reports", `${id}.json`), JSON.stringify(report));
    writeFileSync(join(draft, "data", "reports", `${id}.html`), await renderReport(report, "html"));
    const older = history[index + 1];
    const before = older === undefined ? null : await catalogue.report(older.id);
    if (older !== undefined && before !== null) {
      writeFileSync(join(draft, "data", "diffs", `${older.id}-${id}.json`), JSON.stringify(diffReports(before, report)));
    }
  }
  return history.length;
}
