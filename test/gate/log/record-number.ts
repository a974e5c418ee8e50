import type { LogRecord } from "../../../src/gate/contract.ts";

/** Decisions as a gate writes them, every tenth an act; the same for the same number. */
export function recordNumber(number: number): LogRecord {
  const at = new Date(Date.UTC(2026, 0, 1) + number * 10).toISOString();
  if (number % 10 === 0) return { kind: "act", at, act: "policy", by: "operator", subject: `policy-${number}`, detail: { number } };
  const digest = (of: string) => `sha256:${of.repeat(64).slice(0, 64)}`;
  return {
    kind: "decision",
    at,
    requestId: `req-${number.toString(36).padStart(12, "0")}`,
    endpoint: "chat/completions",
    model: number % 3 === 0 ? "smollm2" : "tern-7b",
    digest: digest("ab"),
    basis: "verified",
    caller: `key-${number % 7}`,
    policy: { id: "default@4", digest: digest("cd") },
    stream: number % 2 === 0,
    outcome: number % 5 === 0 ? "blocked-response" : "answered",
    code: null,
    status: 200,
    results: [
      { filter: "personal-data@3", outcome: "passed", rules: [], scanned: 120 + (number % 50), part: "request" },
      {
        filter: "hazards@2",
        outcome: number % 5 === 0 ? "blocked" : "passed",
        rules: number % 5 === 0 ? ["S9"] : [],
        scanned: 800,
        part: "response",
      },
    ],
    input: digest(number.toString(16)),
    output: digest((number + 1).toString(16)),
    tokens: { input: 30, output: number % 400 },
  };
}
