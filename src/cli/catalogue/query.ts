// Every release that matches, as a list for people or as data.
import { conditionOf } from "../../catalogue/condition.ts";
import { type Catalogue, type Filter, type ListedRelease, MAX_PAGE } from "../../catalogue/store.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { releaseList } from "../../reports/release-list.ts";
import { releaseRows } from "../../reports/release-rows.ts";
import type { CommandContext } from "../command.ts";
import { optionsFor } from "../render-as.ts";

/** How pages follow one another in a format. */
interface Pages {
  readonly page: (releases: readonly ListedRelease[], isFirst: boolean) => string;
  readonly end: string;
}

/** `ajar catalogue query WORD… --where …`: page after page until no more match, or `--limit` are written. */
export async function query(catalogue: Catalogue, context: CommandContext, filter: Filter): Promise<ExitCode> {
  const { options, stdout, signal } = context;
  const { page: write, end } = pagesOf(options.text("format") ?? "table", context);
  let left = options.number("limit") ?? Number.POSITIVE_INFINITY;
  let after = options.number("after") ?? null;
  let isFirst = true;
  do {
    const { releases, next } = await catalogue.list({ filter, limit: Math.min(left, MAX_PAGE), after });
    if (releases.length > 0 || isFirst) await stdout.write(write(releases, isFirst));
    left -= releases.length;
    after = next;
    isFirst = false;
  } while (after !== null && left > 0 && !signal.aborted);
  await stdout.write(end);
  return EXIT.ok;
}

function pagesOf(format: string, context: CommandContext): Pages {
  switch (format) {
    case "csv":
      return { page: releaseRows, end: "" };
    case "json":
      return {
        page: (releases, isFirst) =>
          releases.map((one, at) => `${isFirst && at === 0 ? "[\n" : ",\n"}${JSON.stringify(one)}`).join("") || "[",
        end: "\n]\n",
      };
    default:
      return { page: (releases) => releaseList(releases, optionsFor(context, true)), end: "" };
  }
}

/** `--where CELL=VALUE|VALUE`, repeated, and words. @throws AjarError BAD_OPTION */
export function filterOf({ options }: CommandContext, words: readonly string[]): Filter {
  return { cells: options.list("where").map(condition), text: words.join(" ") };
}

function condition(word: string): Filter["cells"][number] {
  const found = conditionOf(word);
  if (found !== null) return found;
  throw new AjarError("BAD_OPTION", "is not a condition", {
    subject: `--where ${word}`,
    hint: "Write CELL=VALUE, e.g. standard:osaid-1.0=met, component:weights=found|gated, license=Apache-2.0, publisher=NAME.",
  });
}
