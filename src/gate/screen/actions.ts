// What a policy may ask for where a filter finds something.

/** From the mildest to the strictest. `flag`: noted in the log, nothing changed. */
export const ACTIONS = ["allow", "flag", "redact", "replace", "block"] as const;
export type Action = (typeof ACTIONS)[number];

/** Which of two a text gets. */
export function stricter(one: Action, other: Action): Action {
  return ACTIONS.indexOf(one) >= ACTIONS.indexOf(other) ? one : other;
}

/** A part of a text that a filter found, and what is done with it. */
export interface Decision {
  /** Filter and rule ids, safe to log. */
  readonly filter: string;
  readonly rule: string;
  readonly action: Exclude<Action, "allow">;
  /** UTF-16 units of the text as written; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

export type Part = "request" | "response";
