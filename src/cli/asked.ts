// What `ajar use` is asked: uses, numbers, region, day.
import { AjarError } from "../core/errors.ts";
import { USES } from "../core/terms.ts";
import type { Asked } from "../core/use.ts";
import type { CommandContext } from "./command.ts";
import { dayOf } from "./review.ts";

/** Reads the question; without `--for` it is about every use. @throws AjarError BAD_OPTION */
export function askedFrom(context: Pick<CommandContext, "options" | "now">): Asked {
  const { options } = context;
  const named = options.list("for");
  const users = options.number("users");
  const revenue = options.number("revenue");
  const region = regionOf(options.text("region"));
  return {
    uses: USES.filter((use) => named.length === 0 || named.includes(use)),
    ...(users === undefined ? {} : { users }),
    ...(revenue === undefined ? {} : { revenue }),
    ...(region === undefined ? {} : { region }),
    asOf: dayOf(context),
  };
}

/** An ISO 3166-1 alpha-2 code or `EU`. A code that nobody has is refused: it would lie in no barred region. */
function regionOf(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  const code = word.toUpperCase() === "UK" ? "GB" : word.toUpperCase();
  const isKnown = /^[A-Z]{2}$/u.test(code) && new Intl.DisplayNames("en", { type: "region", fallback: "none" }).of(code) !== undefined;
  if (isKnown && code !== "ZZ") return code;
  throw new AjarError("BAD_OPTION", `"${word}" is no code of a country`, {
    subject: "--region",
    hint: "Write two letters of ISO 3166, such as DE, CN or US, or EU.",
  });
}
