// What the page asks of the gate that served it. The key stays in this tab and goes nowhere but there.
import type { Language } from "../../src/reports/language.ts";

interface Door {
  readonly state: "open" | "shut";
  readonly code?: string;
  readonly reason?: string;
  readonly since?: string;
  readonly advisory?: string | null;
}

export interface Model {
  readonly id: string;
  readonly ref: string;
  readonly basis: "verified" | "claimed";
  readonly weights: string | null;
  readonly files: readonly string[];
  readonly bases: readonly string[];
  readonly license: string | null;
  readonly headline: string | null;
  readonly engine: string;
  /** Null for another server. */
  readonly process: { readonly state: "ready" | "restarting" | "failed"; readonly reason?: string } | null;
  readonly door: Door;
}

export interface Shut {
  readonly subject: string;
  readonly reason: string;
  readonly since: string;
}

export interface Feed {
  readonly source: string;
  readonly state: string;
  readonly expires: string | null;
  readonly advisories: readonly { readonly id: string; readonly summary: string; readonly models: readonly string[] }[];
}

export interface State {
  readonly models: readonly Model[];
  readonly doors: { readonly shut: readonly Shut[]; readonly feeds: readonly Feed[] };
  readonly policy: { readonly id: string; readonly digest: string | null; readonly filters: readonly string[] };
}

export interface Decision {
  readonly number: number;
  readonly kind: "decision" | "act";
  readonly at: string;
  readonly requestId?: string;
  readonly endpoint?: string;
  readonly model?: string;
  readonly caller?: string;
  readonly outcome?: string;
  readonly code?: string | null;
  readonly filters?: readonly { readonly filter: string; readonly outcome: string; readonly rules: readonly string[] }[];
  readonly act?: string;
  readonly by?: string;
  readonly subject?: string;
}

/** The gate wants a key that this tab does not have. */
export class KeyNeeded extends Error {}

const KEY = "ajar-gate-key";

export function keepKey(key: string): void {
  sessionStorage.setItem(KEY, key);
}

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const headers = new Headers();
  const key = sessionStorage.getItem(KEY);
  if (key !== null && key !== "") headers.set("Authorization", `Bearer ${key}`);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  const response = await fetch(path, { headers, ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }) });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const error: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "error") : null;
  const message = typeof error === "object" && error !== null ? String(Reflect.get(error, "message") ?? "") : "";
  throw response.status === 401 || response.status === 403 ? new KeyNeeded(message) : new Error(message || response.statusText);
}

export const gate = {
  words: async (language: Language): Promise<ReadonlyMap<string, string>> =>
    new Map(Object.entries(await ask<Record<string, string>>(`/words/${language}.json`))),
  state: (): Promise<State> => ask<State>("/admin/state"),
  decisions: (after: number): Promise<{ readonly last: number; readonly records: readonly Decision[] }> =>
    ask(`/admin/decisions?after=${after}`),
  shut: (subject: string, reason: string): Promise<unknown> => ask("/admin/shut", { subject, reason }),
  open: (subject: string, reason: string, confirm: string): Promise<unknown> => ask("/admin/open", { subject, reason, confirm }),
};
