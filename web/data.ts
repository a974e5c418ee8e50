// Where pages get their data: the server's API, or files beside the page in a static export. Both answer the same questions.
import type { Difference } from "../src/comparison/diff.ts";
import type { MatrixColumn } from "../src/comparison/matrix.ts";
import type { Report } from "../src/core/report.ts";
import type { Language } from "../src/reports/language.ts";

export interface Release {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly publisher: string;
  readonly reportId: number;
  readonly license: string;
  readonly addedAt: string;
  readonly column: MatrixColumn;
}

export interface Query {
  readonly text: string;
  /** `CELL=VALUE|VALUE` */
  readonly where: readonly string[];
  readonly after: number | null;
}

export interface Page {
  readonly releases: readonly Release[];
  readonly next: number | null;
}

export interface HistoryEntry {
  readonly id: number;
  readonly targetDigest: string;
  readonly rules: string;
  readonly addedAt: string;
  readonly word: string;
  readonly label: string;
  readonly license: string;
}

export interface WordCount {
  readonly name: string;
  readonly word: string;
  readonly count: number;
}

interface Charts {
  readonly overTime: readonly { readonly month: string; readonly word: string; readonly count: number }[];
  readonly byPublisher: readonly WordCount[];
  readonly byLicense: readonly WordCount[];
}

export type AuditState =
  | { readonly state: "waiting" }
  | { readonly state: "running"; readonly progress: string }
  | { readonly state: "done"; readonly releaseId: number; readonly reportId: number }
  | { readonly state: "failed"; readonly code: string; readonly message: string; readonly hint: string | null };

export interface Data {
  /** A static export audits nothing. */
  readonly audits: boolean;
  /** Formats in which every report can be had. */
  readonly formats: readonly string[];
  words(language: Language): Promise<ReadonlyMap<string, string>>;
  releases(query: Query): Promise<Page>;
  release(id: number): Promise<Release>;
  history(id: number): Promise<readonly HistoryEntry[]>;
  report(id: number): Promise<Report>;
  diff(from: number, to: number): Promise<Difference>;
  charts(): Promise<Charts>;
  /** Address of a report in a format, for a link. */
  formatUrl(reportId: number, format: string, language: Language): string;
  audit(target: string): Promise<string>;
  /** Calls back with each state until the last one; returns how to stop listening. */
  watch(id: string, listen: (state: AuditState) => void): () => void;
}

/** A refusal in the server's own words. */
export class Refused extends Error {
  /** The server asks for its token first. */
  readonly needsToken: boolean;

  constructor(message: string, needsToken = false) {
    super(message);
    this.needsToken = needsToken;
  }
}

async function get(path: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(path, init);
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body;
  const error: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "error") : null;
  const part = (key: string): string => (typeof error === "object" && error !== null ? String(Reflect.get(error, key) ?? "") : "");
  const message = [part("message") || response.statusText, part("hint")].filter((text) => text !== "").join(" ");
  throw new Refused(message, response.status === 401);
}

function sent(value: unknown): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** Gives the token to the server, which keeps it in a cookie that no script can read. */
export async function signIn(token: string): Promise<void> {
  await get("/api/session", sent({ token }));
}

/** Answers of our own server, whose shapes its tests hold. */
function asked<T>(path: string, init?: RequestInit): Promise<T> {
  return get(path, init) as Promise<T>;
}

const api: Data = {
  audits: true,
  formats: ["html", "json", "markdown", "csv", "sarif", "cyclonedx", "spdx"],
  words: async (language) => new Map(Object.entries(await asked<Record<string, string>>(`/api/messages/${language}`))),
  releases: ({ text, where, after }) => {
    const query = new URLSearchParams(where.map((condition) => ["where", condition]));
    if (text !== "") query.set("q", text);
    if (after !== null) query.set("after", String(after));
    return asked<Page>(`/api/releases?${query}`);
  },
  release: (id) => asked<Release>(`/api/releases/${id}`),
  history: (id) => asked<readonly HistoryEntry[]>(`/api/releases/${id}/history`),
  report: (id) => asked<Report>(`/api/reports/${id}`),
  diff: (from, to) => asked<Difference>(`/api/diff?from=${from}&to=${to}`),
  charts: () => asked<Charts>("/api/charts"),
  formatUrl: (id, format, language) => `/api/reports/${id}/${format}?lang=${language}`,
  audit: async (target) => (await asked<{ id: string }>("/api/audits", sent({ target }))).id,
  watch: (id, listen) => {
    const events = new EventSource(`/api/audits/${encodeURIComponent(id)}/events`);
    events.addEventListener("state", (event) => {
      const state = JSON.parse((event as MessageEvent<string>).data) as AuditState;
      if (state.state === "done" || state.state === "failed") events.close();
      listen(state);
    });
    return () => events.close();
  },
};

/** A static export: everything is a file under data/; filters and search run in the page. */
function files(): Data {
  const all = asked<readonly Release[]>("data/releases.json");
  const nothing = async (): Promise<never> => {
    throw new Refused("A static export audits nothing.");
  };
  return {
    audits: false,
    formats: ["html", "json"],
    words: async (language) => new Map(Object.entries(await asked<Record<string, string>>(`data/messages/${language}.json`))),
    releases: async ({ text, where, after }) => {
      const matching = (await all)
        .filter((release) => matches(release, text, where))
        .filter(({ reportId }) => after === null || reportId < after);
      const shown = matching.slice(0, PAGE);
      return { releases: shown, next: matching.length > PAGE ? (shown.at(-1)?.reportId ?? null) : null };
    },
    release: async (id) => (await all).find((release) => release.id === id) ?? (await nothing()),
    history: (id) => asked<readonly HistoryEntry[]>(`data/history/${id}.json`),
    report: (id) => asked<Report>(`data/reports/${id}.json`),
    diff: (from, to) => asked<Difference>(`data/diffs/${from}-${to}.json`),
    charts: () => asked<Charts>("data/charts.json"),
    formatUrl: (id, format) => `data/reports/${id}.${format}`,
    audit: nothing,
    watch: () => () => undefined,
  };
}

const PAGE = 50;

function matches(release: Release, text: string, where: readonly string[]): boolean {
  const { column } = release;
  const words = text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  const haystack = `${release.key} ${release.license} ${column.components.flatMap(({ licenses }) => licenses).join(" ")}`.toLowerCase();
  if (!words.every((word) => haystack.includes(word))) return false;
  return where.every((condition) => {
    const at = condition.indexOf("=");
    return condition
      .slice(at + 1)
      .split("|")
      .some((value) => valuesOf(release, condition.slice(0, at)).includes(value));
  });
}

function valuesOf({ column, publisher }: Release, cell: string): readonly string[] {
  const [kind = "", id = "", profile] = cell.split(":");
  switch (kind) {
    case "word":
      return [column.word];
    case "label":
      return [column.label];
    case "publisher":
      return [publisher];
    case "component":
      return column.components.filter((one) => one.id === id).map(({ availability }) => availability);
    case "openness":
      return column.components.filter((one) => one.id === id).map(({ openness }) => openness);
    case "standard":
      return column.verdicts.filter((one) => one.standard === id && one.profile === profile).map(({ result }) => result);
    case "license":
      return column.components.flatMap(({ licenses }) => licenses);
    default:
      return [];
  }
}

export const data: Data = document.querySelector<HTMLMetaElement>("meta[name=ajar-data]")?.content === "files" ? files() : api;
