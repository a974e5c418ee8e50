import { useState } from "preact/hooks";
import { COMPONENT_IDS } from "../../src/core/component.ts";
import { data, type Release } from "../data.ts";
import { Show, useLoaded } from "../load.tsx";
import { ComponentStateCell, Result, WordBadge } from "../parts/cells.tsx";
import { EvidenceList, Reasons } from "../parts/evidence.tsx";
import { Filters } from "../parts/filters.tsx";
import { Scroll } from "../parts/scroll.tsx";
import { hashOf } from "../route.ts";
import { useSpeech } from "../words.tsx";
import { type Asked, More, usePages } from "./browse.tsx";

interface Chosen {
  readonly release: Release;
  readonly kind: "component" | "standard";
  readonly id: string;
  readonly profile?: string | undefined;
}

/** Models against standards and components; a cell opens its evidence. */
export function MatrixPage(asked: Asked) {
  const speech = useSpeech();
  const { pages, older, more } = usePages(asked);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  return (
    <>
      <h1>{speech.word("compare.title")}</h1>
      <Filters page="matrix" {...asked} />
      {chosen === null ? null : <CellEvidence chosen={chosen} close={() => setChosen(null)} />}
      <Show loaded={pages}>
        {(first) => {
          const releases = [first, ...older].flatMap((page) => page.releases);
          if (releases.length === 0) return <p>{speech.word("catalogue.empty")}</p>;
          const standards = new Map(
            releases.flatMap(({ column }) => column.verdicts.map((one) => [`${one.standard} ${one.profile ?? ""}`, one] as const)),
          );
          return (
            <>
              <Scroll label={speech.word("compare.title")} extra="matrix">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">{speech.word("web.release")}</th>
                      <th scope="col">{speech.word("web.how-open")}</th>
                      {[...standards].map(([key, { standard, profile }]) => (
                        <th key={key} scope="col">
                          {speech.name("standard", standard)} {profile}
                        </th>
                      ))}
                      {COMPONENT_IDS.map((id) => (
                        <th key={id} scope="col">
                          {speech.name("component", id)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {releases.map((release) => (
                      <tr key={release.id}>
                        <th scope="row">
                          <a href={hashOf({ page: "release", id: release.id, report: null })}>{release.key}</a>
                        </th>
                        <td>
                          <WordBadge word={release.column.word} />
                        </td>
                        {[...standards].map(([key, { standard, profile }]) => {
                          const verdict = release.column.verdicts.find((one) => one.standard === standard && one.profile === profile);
                          return (
                            <td key={key}>
                              {verdict === undefined ? null : (
                                <button
                                  type="button"
                                  class="cell"
                                  onClick={() => setChosen({ release, kind: "standard", id: standard, profile })}
                                >
                                  <Result result={verdict.result} />
                                </button>
                              )}
                            </td>
                          );
                        })}
                        {COMPONENT_IDS.map((id) => {
                          const component = release.column.components.find((one) => one.id === id);
                          return (
                            <td key={id}>
                              {component === undefined ? null : (
                                <button type="button" class="cell" onClick={() => setChosen({ release, kind: "component", id })}>
                                  <ComponentStateCell availability={component.availability} openness={component.openness} />
                                </button>
                              )}
                            </td>
                          );
                        })}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scroll>
              <More more={more} />
            </>
          );
        }}
      </Show>
    </>
  );
}

function CellEvidence({ chosen, close }: { readonly chosen: Chosen; readonly close: () => void }) {
  const speech = useSpeech();
  const { release, kind, id, profile } = chosen;
  const report = useLoaded(`report ${release.reportId}`, () => data.report(release.reportId));
  return (
    <aside class="cell-evidence" aria-live="polite">
      <h2>
        {release.key}: {speech.name(kind, id)} {profile}
      </h2>
      <button type="button" onClick={close}>
        {speech.word("web.close")}
      </button>
      <Show loaded={report}>
        {(value) => {
          if (kind === "component")
            return <EvidenceList report={value} ids={value.components.find((one) => one.id === id)?.evidence ?? []} />;
          const verdict = value.verdicts.find((one) => one.standard === id && one.profile === profile);
          return (
            <ul>
              {(verdict?.criteria ?? []).map((criterion) => (
                <li key={criterion.id}>
                  <details>
                    <summary>
                      <Result result={criterion.result} /> {speech.word(criterion.id)}
                    </summary>
                    <Reasons report={value} messages={criterion.because} />
                  </details>
                </li>
              ))}
            </ul>
          );
        }}
      </Show>
    </aside>
  );
}
