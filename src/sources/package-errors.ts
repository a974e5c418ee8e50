import { AjarError } from "../core/errors.ts";

/** Format errors speak of bytes alone; here they get the package or file that the bytes are of. */
export function withSubject(error: unknown, subject: string): unknown {
  if (!(error instanceof AjarError) || error.subject !== undefined) return error;
  const { code, message, offset, hint } = error;
  return new AjarError(code, `${subject}: ${message}`, {
    subject,
    ...(offset === undefined ? {} : { offset }),
    ...(hint === undefined ? {} : { hint }),
  });
}
