// Whether JSON that Ajar wrote itself, and that somebody may have changed since, has the form that it was written in.

export type Check = (value: unknown) => boolean;

export const isText: Check = (value) => typeof value === "string";
export const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value) && value >= 0;
export const isWhole: Check = (value) => isNumber(value) && Number.isSafeInteger(value);
export const isYesOrNo: Check = (value) => typeof value === "boolean";

export function oneOf(...words: readonly unknown[]): Check {
  return (value) => words.includes(value);
}

export function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

/** A whole number up to `most`. */
export function upTo(most: number): Check {
  return (value) => isWhole(value) && (value as number) <= most;
}

export function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** A list of just these. */
export function tupleOf(...checks: readonly Check[]): Check {
  return (value) => Array.isArray(value) && value.length === checks.length && checks.every((check, at) => check(value[at]));
}

/** A mapping with these keys; others may stand beside them. */
export function mappingOf(checks: Readonly<Record<string, Check>>): Check {
  return (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(checks).every(([key, check]) => check(Object.getOwnPropertyDescriptor(value, key)?.value));
}

/** Base64 of just so many bytes a unit. */
export function base64Of(unit: number): Check {
  return (value) => typeof value === "string" && Buffer.byteLength(value, "base64") % unit === 0;
}
