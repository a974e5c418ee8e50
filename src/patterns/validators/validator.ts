import type { Around } from "../around.ts";
import type { Hit } from "../hit.ts";

/** What a value that has a rule's shape is worth; null when it is not what the rule is about. */
export type Validator = (value: string, around: Around) => Hit["certainty"] | null;

/** A validator for what can be told from the value alone. */
export function checked(holds: (value: string) => boolean): Validator {
  return (value) => (holds(value) ? "checked" : null);
}

/** What agrees with its check digits is one where it is written as one; without its separators only where a word says so. */
export function checkedIf(holds: (value: string) => boolean, isWrittenOut: (value: string) => boolean): Validator {
  return (value, around) => (holds(value) && (isWrittenOut(value) || around.isTold) ? "checked" : null);
}
