// `ajar data`: targets -> their data files -> what is in them. No verdicts, no licenses.
import type { DataReport } from "../../core/dataset.ts";
import { AjarError } from "../../core/errors.ts";
import type { Source, SourceContext } from "../../core/source.ts";
import type { GramIndex } from "../../dataset/near/overlap.ts";
import type { Rows } from "../../dataset/plan.ts";
import { FilteredSource, pathFilter } from "../../sources/filtered.ts";
import { openSource } from "../../sources/open.ts";
import { providers } from "../providers.generated.ts";
import { measureSources } from "./measure.ts";

export interface DataRequest {
  readonly references: readonly string[];
  readonly rows: Rows;
  readonly context: SourceContext;
  readonly overlap: GramIndex | null;
  readonly threads: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** @throws AjarError when no report can be made: a bad reference, an unreachable target, no data */
export async function data(request: DataRequest): Promise<DataReport> {
  const { context, rows, overlap, threads } = request;
  return await withSources(request, async (sources) => {
    const report = await measureSources(sources, {
      rows,
      overlap,
      threads,
      signal: context.signal,
      progress: context.progress,
    });
    if (report.files.length === 0) throw nothing(request.references[0] ?? "");
    return report;
  });
}

/** Opens all targets for `work` and closes them after it. */
export async function withSources<T>(
  { references, context, include, exclude }: Pick<DataRequest, "references" | "context" | "include" | "exclude">,
  work: (sources: readonly Source[]) => Promise<T>,
): Promise<T> {
  const filter = pathFilter(include, exclude);
  const opened: Source[] = [];
  try {
    for (const reference of references) {
      context.progress(`opening ${reference}`);
      const source = await openSource(reference, context, providers);
      opened.push(filter === null ? source : new FilteredSource(source, filter, () => false));
    }
    return await work(opened);
  } finally {
    for (const source of opened) await source.close();
  }
}

function nothing(reference: string): AjarError {
  return new AjarError("NOTHING_AUDITABLE", "there is no data file", {
    subject: reference,
    hint: "Name a file, a folder or a package that holds JSON Lines, JSON, CSV, text, Parquet, Arrow or WARC files.",
  });
}
