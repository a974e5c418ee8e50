// What is written into the log about one call.
import { hash } from "node:crypto";
import type { Call, FilterResult, IdentityBasis, LogRecord, PolicyVersion, ServedModel } from "../contract.ts";
import type { Usage } from "./usage.ts";

export type Outcome = Extract<LogRecord, { kind: "decision" }>["outcome"];

/** What is known of a call when it ends; a call that is refused early has neither model nor policy. */
export interface Ending {
  readonly at: Date;
  readonly call: Pick<Call, "requestId" | "endpoint" | "stream">;
  readonly callerId: string;
  readonly model: ServedModel | null;
  readonly policy: PolicyVersion | null;
  readonly outcome: Outcome;
  readonly code: string | null;
  readonly status: number;
  readonly results: readonly FilterResult[];
  readonly input: string | null;
  readonly output: string | null;
  readonly usage: Usage | null;
}

/** The status that nginx logs for a client that did not wait; nobody is sent it. */
export const CLIENT_GONE = 499;

const NO_MODEL: { readonly id: string; readonly basis: IdentityBasis } = { id: "", basis: "claimed" };

export function decision(ending: Ending): LogRecord {
  const { call, model, policy } = ending;
  const { id, basis } = model ?? NO_MODEL;
  // In the order in which the log writes them, which then need not sort.
  return {
    at: ending.at.toISOString(),
    basis,
    caller: ending.callerId,
    code: ending.code,
    digest: model === null ? null : digestOf(model),
    endpoint: call.endpoint,
    input: ending.input,
    kind: "decision",
    model: id,
    outcome: ending.outcome,
    output: ending.output,
    policy: policy === null ? null : { digest: policy.digest, id: policy.id },
    requestId: call.requestId,
    results: ending.results.map(({ filter, outcome, part, rules, scanned }) => ({ filter, outcome, part, rules, scanned })),
    status: ending.status,
    stream: call.stream,
    tokens: ending.usage,
  };
}

/** The digest over all weights, else those of the files. */
function digestOf({ weightsDigest, fileDigests }: ServedModel): string | null {
  return weightsDigest ?? (fileDigests.length === 0 ? null : fileDigests.join(" "));
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${hash("sha256", bytes, "hex")}`;
}
