import type { Evidence } from "../../src/core/evidence.ts";
import type { Message, Report } from "../../src/core/report.ts";
import { useSpeech } from "../words.tsx";

/** Pieces shown at once; the whole report has the rest. */
const SHOWN = 5;

function place({ path, span }: Evidence): string {
  if (span === undefined) return path === "" ? "*" : path;
  if (span.kind === "pointer") return `${path}#${span.pointer}`;
  const range = span.start === span.end ? String(span.start) : `${span.start}-${span.end}`;
  return span.kind === "lines" ? `${path}:${range}` : `${path} [${range}]`;
}

/** Quotes with their places, as text: nothing of a release is ever markup here. */
export function EvidenceList({ report, ids }: { readonly report: Report; readonly ids: readonly string[] }) {
  const byId = new Map(report.evidence.map((piece) => [piece.id, piece]));
  const pieces = [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
  if (pieces.length === 0) return null;
  return (
    <ul class="evidence">
      {pieces.slice(0, SHOWN).map((piece) => (
        <li key={piece.id}>
          {piece.quote === undefined || piece.quote === "" ? null : <blockquote>{piece.quote}</blockquote>}
          <code>{place(piece)}</code> <span class="faint digest">{piece.digest.slice(0, 19)}</span>
        </li>
      ))}
      {pieces.length > SHOWN ? <li class="faint">+{pieces.length - SHOWN}</li> : null}
    </ul>
  );
}

export function Reasons({ report, messages }: { readonly report: Report; readonly messages: readonly Message[] }) {
  const speech = useSpeech();
  return (
    <ul>
      {messages.map((message, index) => (
        <li key={index}>
          {speech.tell(message)}
          <EvidenceList report={report} ids={message.evidence ?? []} />
        </li>
      ))}
    </ul>
  );
}
