// One audit as a job: the same code whether one process runs it or many machines share a queue.
import type { AuditRequest } from "../audit/audit.ts";
import type { Added } from "../catalogue/store.ts";
import { AjarError } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import type { SourceContext } from "../core/source.ts";

/** What a job is asked to do; all of it goes through a queue as JSON. */
export interface AuditJob {
  readonly target: string;
}

export type JobState =
  | { readonly state: "waiting" }
  | { readonly state: "running"; readonly progress: string }
  | { readonly state: "done"; readonly releaseId: number; readonly reportId: number; readonly isNew: boolean }
  | { readonly state: "failed"; readonly code: string; readonly message: string; readonly hint: string | null };

/** What a job may use. */
export interface JobTools {
  readonly audit: (request: AuditRequest) => Promise<Report>;
  readonly add: (report: Report, addedAt: string) => Promise<Added>;
  readonly context: (progress: (message: string) => void, signal: AbortSignal) => SourceContext;
  readonly now: () => Date;
}

/**
 * Audits and keeps the report. Doing it twice leaves one entry: the catalogue knows a report by release digest, rules and version.
 * @throws AjarError of the audit; INTERRUPTED when the signal fires
 */
export async function runAuditJob(
  job: AuditJob,
  tools: JobTools,
  progress: (message: string) => void,
  signal: AbortSignal,
): Promise<Added> {
  const report = await tools.audit({
    parts: [{ part: "all", reference: job.target }],
    context: tools.context(progress, signal),
    acceptClaims: false,
  });
  if (signal.aborted) throw new AjarError("INTERRUPTED", "stopped before the report was kept");
  return tools.add(report, tools.now().toISOString());
}

/** The end of a job as a state. */
export function failedState(failure: unknown): Extract<JobState, { state: "failed" }> {
  if (failure instanceof AjarError) {
    return { state: "failed", code: failure.code, message: failure.message, hint: failure.hint ?? null };
  }
  return { state: "failed", code: "BUG", message: failure instanceof Error ? failure.message : String(failure), hint: null };
}
