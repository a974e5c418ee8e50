import { data, type WordCount } from "../data.ts";
import { Show, useLoaded } from "../load.tsx";
import { StackedBars } from "../parts/stacked-bars.tsx";
import { useSpeech } from "../words.tsx";

/** Openness over time, by publisher and by license; each chart is also a table. */
export function ChartsPage() {
  const speech = useSpeech();
  const charts = useLoaded("charts", () => data.charts());
  return (
    <>
      <h1>{speech.word("web.charts")}</h1>
      <Show loaded={charts}>
        {({ overTime, byPublisher, byLicense }) => (
          <>
            <StackedBars
              title={speech.word("web.over-time")}
              rows={grouped(overTime.map(({ month, ...rest }) => ({ name: month, ...rest })))}
            />
            <StackedBars title={speech.word("web.by-publisher")} rows={byTotal(grouped(byPublisher))} />
            <StackedBars title={speech.word("web.by-license")} rows={byTotal(grouped(byLicense))} />
          </>
        )}
      </Show>
    </>
  );
}

export interface BarRow {
  readonly name: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly total: number;
}

function grouped(counts: readonly WordCount[]): readonly BarRow[] {
  const rows = new Map<string, Record<string, number>>();
  for (const { name, word, count } of counts) rows.set(name, { ...rows.get(name), [word]: count });
  return [...rows].map(([name, words]) => ({
    name: name === "" ? "–" : name,
    counts: words,
    total: Object.values(words).reduce((sum, count) => sum + count, 0),
  }));
}

function byTotal(rows: readonly BarRow[]): readonly BarRow[] {
  return [...rows].sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
}
