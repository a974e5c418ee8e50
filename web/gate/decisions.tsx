// What the gate decided last, newest first: ids and outcomes, never a text.
import { Scroll } from "../parts/scroll.tsx";
import { useSpeech } from "../words.tsx";
import type { Decision } from "./api.ts";

export function Decisions({ records }: { readonly records: readonly Decision[] }) {
  const speech = useSpeech();
  if (records.length === 0) return <p class="faint">{speech.word("web.gate.no-decisions")}</p>;
  return (
    <Scroll label={speech.word("web.gate.decisions")}>
      <table class="decisions">
        <thead>
          <tr>
            {["at", "what", "model", "caller", "outcome", "filters"].map((column) => (
              <th key={column} scope="col">
                {speech.word(`web.gate.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <Row key={record.number} record={record} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Row({ record }: { readonly record: Decision }) {
  const isAct = record.kind === "act";
  const filters = record.filters ?? [];
  return (
    <tr class={record.outcome}>
      <td>
        <time dateTime={record.at}>{record.at.slice(11, 19)}</time>
      </td>
      <td>{isAct ? record.act : record.endpoint}</td>
      <td>{isAct ? record.subject : record.model}</td>
      <td>{isAct ? record.by : record.caller}</td>
      <td>
        {record.outcome ?? ""} {record.code ?? ""}
      </td>
      <td>
        {filters.map(({ filter, outcome, rules }) => `${filter}: ${outcome}${rules.length > 0 ? ` (${rules.join(", ")})` : ""}`).join("; ")}
      </td>
    </tr>
  );
}
