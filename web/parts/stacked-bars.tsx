import type { BarRow } from "../pages/charts.tsx";
import { useSpeech } from "../words.tsx";
import { Scroll } from "./scroll.tsx";

const WORDS = ["open", "ajar", "shut", "unknown"] as const;

/** A table whose last column is a bar: one thing to read for everyone. */
export function StackedBars({ title, rows }: { readonly title: string; readonly rows: readonly BarRow[] }) {
  const speech = useSpeech();
  const most = Math.max(1, ...rows.map(({ total }) => total));
  return (
    <section class="chart">
      <h2>{title}</h2>
      <Scroll label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span class="sr">{title}</span>
              </th>
              {WORDS.map((word) => (
                <th key={word} scope="col">
                  <span class={`key word-${word}`} aria-hidden="true" /> {speech.word(`word.${word}`)}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, counts, total }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {WORDS.map((word) => (
                  <td key={word} class="number">
                    {counts[word] ?? 0}
                  </td>
                ))}
                <td class="bar">
                  <svg viewBox="0 0 100 10" preserveAspectRatio="none" width="100%" height="16" aria-hidden="true">
                    {bars(counts, most).map(({ word, x, width }) => (
                      <rect key={word} class={`word-${word}`} x={x} width={width} y="0" height="10" />
                    ))}
                  </svg>
                  <span class="sr">{total}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function bars(counts: BarRow["counts"], most: number): readonly { readonly word: string; readonly x: number; readonly width: number }[] {
  let x = 0;
  return WORDS.flatMap((word) => {
    const width = ((counts[word] ?? 0) / most) * 100;
    const bar = { word, x, width };
    x += width;
    return width === 0 ? [] : [bar];
  });
}
