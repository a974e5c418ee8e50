// Everything that is shut, the recall feeds, and a way to shut what is not served here yet: a digest or a base.
import { useState } from "preact/hooks";
import { useSpeech } from "../words.tsx";
import type { Feed, Shut, State } from "./api.ts";
import { TurnForm } from "./turn-form.tsx";

export function Doors({ shut, changed }: { readonly shut: readonly Shut[]; readonly changed: () => void }) {
  const speech = useSpeech();
  return (
    <>
      {shut.length === 0 ? (
        <p class="faint">{speech.word("web.gate.nothing-shut")}</p>
      ) : (
        <ul class="shut">
          {shut.map((door) => (
            <ShutDoor key={door.subject} door={door} changed={changed} />
          ))}
        </ul>
      )}
      <h3>{speech.word("web.gate.shut-other")}</h3>
      <TurnForm way="shut" subject={null} done={changed} />
    </>
  );
}

function ShutDoor({ door, changed }: { readonly door: Shut; readonly changed: () => void }) {
  const speech = useSpeech();
  const [isTurning, setTurning] = useState(false);
  return (
    <li>
      <code>{door.subject}</code> {speech.say("web.gate.shut-because", { reason: door.reason, since: door.since })}{" "}
      {isTurning ? (
        <TurnForm way="open" subject={door.subject} done={changed} />
      ) : (
        <button type="button" class="open" onClick={() => setTurning(true)} aria-label={`${speech.word("web.gate.open")}: ${door.subject}`}>
          {speech.word("web.gate.open")} …
        </button>
      )}
    </li>
  );
}

export function Feeds({ feeds }: { readonly feeds: readonly Feed[] }) {
  const speech = useSpeech();
  if (feeds.length === 0) return <p class="faint">{speech.word("web.gate.no-feeds")}</p>;
  return (
    <ul class="feeds">
      {feeds.map((feed) => (
        <li key={feed.source}>
          <code>{feed.source}</code> <strong>{feed.state}</strong>
          {feed.expires !== null && ` ${speech.say("web.gate.expires", { when: feed.expires })}`}
          <ul>
            {feed.advisories.map((advisory) => (
              <li key={advisory.id}>
                {advisory.id}: {advisory.summary} {advisory.models.join(", ")}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

export function Policy({ policy }: { readonly policy: State["policy"] }) {
  const speech = useSpeech();
  return (
    <p>
      <strong>{policy.id}</strong> {policy.digest !== null && <code>{policy.digest}</code>}{" "}
      {policy.filters.length === 0 ? speech.word("web.gate.no-filters") : policy.filters.join(", ")}
    </p>
  );
}
