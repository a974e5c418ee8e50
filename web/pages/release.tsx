import { useState } from "preact/hooks";
import type { Report, Verdict } from "../../src/core/report.ts";
import { doorOf, doorOfWord } from "../../src/reports/html/door-shapes.ts";
import { data, type HistoryEntry } from "../data.ts";
import { Show, useLoaded } from "../load.tsx";
import { ComponentStateCell, Result, WordBadge } from "../parts/cells.tsx";
import { ChainGraph } from "../parts/chain-graph.tsx";
import { DoorPicture } from "../parts/door.tsx";
import { EvidenceList, Reasons } from "../parts/evidence.tsx";
import { hashOf } from "../route.ts";
import { useSpeech } from "../words.tsx";

/** One release: what its report says with the evidence behind each cell, its history and what changed. */
export function ReleasePage({ id, reportId }: { readonly id: number; readonly reportId: number | null }) {
  const release = useLoaded(`release ${id}`, () => data.release(id));
  return (
    <Show loaded={release}>
      {({ key, reportId: newest, addedAt }) => (
        <ReportPage releaseId={id} title={key} addedAt={addedAt} newest={newest} reportId={reportId ?? newest} />
      )}
    </Show>
  );
}

interface ReportPageProps {
  readonly releaseId: number;
  readonly title: string;
  readonly addedAt: string;
  readonly newest: number;
  readonly reportId: number;
}

function ReportPage({ releaseId, title, newest, reportId }: ReportPageProps) {
  const speech = useSpeech();
  const report = useLoaded(`report ${reportId}`, () => data.report(reportId));
  const history = useLoaded(`history ${releaseId}`, () => data.history(releaseId));
  return (
    <>
      <h1>{title}</h1>
      {reportId === newest ? null : <p class="unsure">{speech.word("web.older-report")}</p>}
      <Show loaded={report}>{(value) => <ReportView report={value} reportId={reportId} />}</Show>
      <section aria-labelledby="history">
        <h2 id="history">{speech.word("web.history")}</h2>
        <Show loaded={history}>{(entries) => <History releaseId={releaseId} entries={entries} shown={reportId} />}</Show>
      </section>
    </>
  );
}

function ReportView({ report, reportId }: { readonly report: Report; readonly reportId: number }) {
  const speech = useSpeech();
  const { headline, coverage } = report;
  return (
    <>
      <section class={`headline ${headline.word}`}>
        <DoorPicture door={doorOfWord(headline.word)} size="great" />
        <div>
          <p class="answer">{speech.name("word", headline.word)}</p>
          <p>{speech.word(`headline.${headline.word}`)}</p>
          <p>
            <strong>{speech.say("report.g7-label", { label: speech.name("label", headline.label) })}</strong>
          </p>
          {coverage.complete ? null : <p class="unsure">{speech.word("report.incomplete")}</p>}
          <details>
            <summary>{speech.word("web.why")}</summary>
            <Reasons report={report} messages={headline.because} />
          </details>
          <p class="formats">
            {data.formats.map((format) => (
              <a key={format} href={data.formatUrl(reportId, format, speech.language)} rel="noreferrer">
                {format}
              </a>
            ))}
          </p>
        </div>
      </section>
      <section aria-labelledby="components">
        <h2 id="components">{speech.word("html.doors")}</h2>
        <ul class="components">
          {report.components.map((component) => (
            <li key={component.id}>
              <DoorPicture door={doorOf(component)} />
              <details>
                <summary>
                  <strong>{speech.name("component", component.id)}</strong>{" "}
                  <ComponentStateCell availability={component.availability} openness={component.openness} />
                </summary>
                <p>
                  {component.licenses.map((license) => (
                    <code key={license}>{license} </code>
                  ))}
                </p>
                <ul>
                  {component.places.map((place) => (
                    <li key={place}>{place}</li>
                  ))}
                </ul>
                <EvidenceList report={report} ids={component.evidence} />
              </details>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="standards">
        <h2 id="standards">{speech.word("html.standards")}</h2>
        {report.verdicts.map((verdict) => (
          <Standard key={`${verdict.standard} ${verdict.profile ?? ""}`} report={report} verdict={verdict} />
        ))}
      </section>
      <section aria-labelledby="findings">
        <h2 id="findings">{speech.word("html.findings")}</h2>
        {report.findings.length === 0 ? <p>{speech.word("report.no-findings")}</p> : null}
        <ul class="findings">
          {report.findings.map((finding, index) => (
            <li key={index}>
              <span class={`badge ${finding.severity}`}>{speech.word(`severity.${finding.severity}`)}</span>{" "}
              {finding.path === undefined ? null : <code>{finding.path} </code>}
              {speech.tell(finding.message)}
              <EvidenceList report={report} ids={finding.evidence} />
            </li>
          ))}
        </ul>
      </section>
      {report.chain.nodes.length < 2 ? null : (
        <section aria-labelledby="chain">
          <h2 id="chain">{speech.word("web.chain")}</h2>
          <ChainGraph chain={report.chain} />
        </section>
      )}
    </>
  );
}

function Standard({ report, verdict }: { readonly report: Report; readonly verdict: Verdict }) {
  const speech = useSpeech();
  const name = [speech.name("standard", verdict.standard), verdict.profile].filter((part) => part !== undefined).join(" ");
  return (
    <details class="standard">
      <summary>
        <strong>{name}</strong> <Result result={verdict.result} />{" "}
        {verdict.level === undefined ? null : <span class="faint">{speech.name("label", verdict.level)}</span>}
      </summary>
      {verdict.criteria.map((criterion) => (
        <details key={criterion.id} class="criterion">
          <summary>
            <Result result={criterion.result} /> {speech.word(criterion.id)}
          </summary>
          <Reasons report={report} messages={criterion.because} />
        </details>
      ))}
    </details>
  );
}

function History({
  releaseId,
  entries,
  shown,
}: {
  readonly releaseId: number;
  readonly entries: readonly HistoryEntry[];
  readonly shown: number;
}) {
  const speech = useSpeech();
  const [pair, setPair] = useState<readonly [number, number] | null>(null);
  return (
    <>
      <ol class="history">
        {entries.map((entry, index) => {
          const before = entries[index + 1];
          return (
            <li key={entry.id}>
              <a href={hashOf({ page: "release", id: releaseId, report: entry.id })} aria-current={entry.id === shown ? "true" : undefined}>
                {entry.addedAt.slice(0, 10)}
              </a>{" "}
              <WordBadge word={entry.word} /> {speech.name("label", entry.label)}{" "}
              <code class="faint">{entry.targetDigest.slice(0, 19)}</code>{" "}
              {before === undefined ? null : (
                <button type="button" onClick={() => setPair([before.id, entry.id])}>
                  {speech.word("web.diff")}
                </button>
              )}
            </li>
          );
        })}
      </ol>
      {pair === null ? null : <Changes from={pair[0]} to={pair[1]} />}
    </>
  );
}

const SYMBOLS = { better: "+", worse: "-", changed: "~" } as const;

function Changes({ from, to }: { readonly from: number; readonly to: number }) {
  const speech = useSpeech();
  const difference = useLoaded(`diff ${from} ${to}`, () => data.diff(from, to));
  return (
    <Show loaded={difference}>
      {({ changes }) =>
        changes.length === 0 ? (
          <p>{speech.word("diff.none")}</p>
        ) : (
          <ul class="changes">
            {changes.map((change) => (
              <li key={`${change.area} ${change.id} ${change.aspect}`} class={change.direction}>
                <span aria-hidden="true">{SYMBOLS[change.direction]}</span> {speech.word(`diff.${change.area}`)}:{" "}
                {change.area === "component" ? speech.name("component", change.id) : change.id} <span class="faint">{change.aspect}</span>:{" "}
                {change.from ?? "–"} → {change.to ?? "–"}
              </li>
            ))}
          </ul>
        )
      }
    </Show>
  );
}
