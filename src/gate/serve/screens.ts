// The policy in force while the gate runs: its file is read again when it changes, and the log has every change.
import { readFile } from "node:fs/promises";
import { AjarError } from "../../core/errors.ts";
import type { AuditLog, JsonObject } from "../contract.ts";
import { checkPolicy } from "../screen/policy/plan.ts";
import { type PolicyNews, PolicySource } from "../screen/policy/policy-source.ts";
import { readPolicyFile } from "../screen/policy/read-policy.ts";
import type { PolicyFilters } from "../screen/policy/schema.ts";
import type { Screens } from "./start.ts";

export interface ScreensRequest {
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: AuditLog;
  readonly now: () => Date;
  /** A file that changed is no policy; the policy before, by its id, stays in force. */
  readonly onRefused: (problem: string, policy: string) => void;
}

export interface WatchedScreens extends Screens {
  /** What is wrong with judges, which block until they judge. */
  readonly broken: readonly string[];
  close(): void;
}

/** Milliseconds between two looks at the file. */
const LOOK_MS = 1_000;

/** @throws AjarError BAD_CONFIG | NOT_FOUND naming file, line and what is wrong */
export async function openScreens({ path, env, log, now, onRefused }: ScreensRequest): Promise<WatchedScreens> {
  const tell = (news: PolicyNews): void => {
    if (news.kind === "refused") onRefused(news.problem, news.policy.id);
    const detail: JsonObject =
      news.kind === "loaded"
        ? { result: "loaded", digest: news.policy.digest, before: news.before?.digest ?? null }
        : { result: "refused", digest: news.policy.digest, problem: news.problem };
    // A log that cannot be written already keeps the gate from answering.
    void log
      .append({ kind: "act", at: now().toISOString(), act: "policy", by: "gate", subject: news.policy.id, detail })
      .catch(() => undefined);
  };
  const source = await PolicySource.open({ path, env: (name) => env[name], fetch: globalThis.fetch, onNews: tell });
  let filters = await filtersIn(path);
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    if (await source.reload()) filters = await filtersIn(path).catch(() => filters);
    isLooking = false;
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  return {
    screenFor: (model, caller, endpoint) => source.screenFor(model, caller, endpoint),
    policy: () => ({ id: source.policy.id, digest: source.policy.digest, filters }),
    broken: await source.brokenJudges(),
    close: () => clearInterval(timer),
  };
}

/** Reads a policy and asks nobody. @throws AjarError BAD_CONFIG | NOT_FOUND */
export async function checkPolicyFile(path: string): Promise<void> {
  checkPolicy(readPolicyFile(await contentOf(path), path), path);
}

/** What a policy looks for, in a word each. */
async function filtersIn(path: string): Promise<readonly string[]> {
  const { file } = readPolicyFile(await contentOf(path), path);
  const layers: readonly PolicyFilters[] = [file, ...Object.values(file.models), ...Object.values(file.keys)];
  return [...new Set(layers.flatMap(namesOf))];
}

function namesOf({ hazards, patterns, terms, expressions, judges }: PolicyFilters): readonly string[] {
  return [
    ...(Object.values(hazards ?? {}).some(({ request, response }) => request !== "allow" || response !== "allow") ? ["hazards"] : []),
    ...((patterns ?? []).length > 0 ? ["patterns"] : []),
    ...(terms ?? []).map(({ id }) => `terms/${id}`),
    ...(expressions ?? []).map(({ id }) => `expressions/${id}`),
    ...(judges ?? []).map(({ id }) => `judge/${id}`),
  ];
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new AjarError("NOT_FOUND", "the policy file cannot be read", {
      subject: path,
      hint: "Name a file with --policy; docs/gate-filters.md has the form of a policy.",
      cause,
    });
  }
}
