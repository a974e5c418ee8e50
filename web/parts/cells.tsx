import type { Availability, Openness } from "../../src/core/component.ts";
import type { Outcome } from "../../src/core/report.ts";
import { AVAILABILITY_MARKS, OPENNESS_MARKS, OUTCOME_MARKS } from "../../src/reports/table/marks.ts";
import { useSpeech } from "../words.tsx";

export function WordBadge({ word }: { readonly word: string }) {
  return <span class={`badge word-${word}`}>{useSpeech().name("word", word)}</span>;
}

export function Result({ result }: { readonly result: Outcome }) {
  const speech = useSpeech();
  return (
    <span class={`badge ${result}`}>
      <span aria-hidden="true">{OUTCOME_MARKS[result].symbol}</span> {speech.word(`outcome.${result}`)}
    </span>
  );
}

export function ComponentStateCell({ availability, openness }: { readonly availability: Availability; readonly openness: Openness }) {
  const speech = useSpeech();
  return (
    <span class="component-state">
      <span class="nobreak">
        <span aria-hidden="true">{AVAILABILITY_MARKS[availability].symbol}</span> {speech.word(`availability.${availability}`)}
      </span>
      {availability === "absent" ? null : (
        <>
          {" "}
          <span class="nobreak">
            <span aria-hidden="true">{OPENNESS_MARKS[openness].symbol}</span> {speech.word(`openness.${openness}`)}
          </span>
        </>
      )}
    </span>
  );
}
