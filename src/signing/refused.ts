import type { Refusal, RefusalReason } from "../core/signature.ts";

/** Ends a verification: what comes after rests on what just failed. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(reason: RefusalReason, details: Omit<Refusal, "reason"> = {}) {
    super(`signature refused: ${reason}`);
    this.name = "Refused";
    this.refusal = { reason, ...details };
  }
}
