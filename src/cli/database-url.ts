import { AjarError } from "../core/errors.ts";

/** The shared PostgreSQL. @throws AjarError BAD_OPTION when none is named */
export function databaseUrl(env: Readonly<Record<string, string | undefined>>): string {
  const url = env["AJAR_DATABASE_URL"];
  if (url !== undefined && /^postgres(?:ql)?:\/\//u.test(url)) return url;
  throw new AjarError("BAD_OPTION", "workers share a PostgreSQL, and none is named", {
    subject: "AJAR_DATABASE_URL",
    hint: "Set it to postgres://user@host/database; ajar audit and ajar ui need none.",
  });
}
