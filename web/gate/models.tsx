// The models behind the gate: what each is, and whether its door is open.
import { useState } from "preact/hooks";
import { useSpeech } from "../words.tsx";
import type { Model } from "./api.ts";
import { TurnForm } from "./turn-form.tsx";

export function Models({ models, changed }: { readonly models: readonly Model[]; readonly changed: () => void }) {
  return (
    <ul class="models">
      {models.map((model) => (
        <ModelCard key={model.id} model={model} changed={changed} />
      ))}
    </ul>
  );
}

function ModelCard({ model, changed }: { readonly model: Model; readonly changed: () => void }) {
  const speech = useSpeech();
  const [isTurning, setTurning] = useState(false);
  const { door } = model;
  const way = door.state === "open" ? "shut" : "open";
  const digest = model.weights ?? model.files[0] ?? null;
  const done = (): void => {
    setTurning(false);
    changed();
  };
  return (
    <li class={`model ${door.state}`}>
      <h3>
        {model.id} <span class={`state ${door.state}`}>{speech.word(`web.gate.state.${door.state}`)}</span>
      </h3>
      {door.state === "shut" && (
        <p class="why">
          {speech.say("web.gate.shut-because", { reason: door.reason ?? "", since: door.since ?? "" })} <code>{door.code}</code>
          {door.advisory ? ` ${door.advisory}` : ""}
        </p>
      )}
      <dl>
        <dt>{speech.word("web.gate.from")}</dt>
        <dd>{model.ref}</dd>
        <dt>{speech.word("web.gate.digest")}</dt>
        <dd>
          {digest === null ? speech.word("web.gate.unknown") : <code>{digest}</code>} ({speech.word(`web.gate.basis.${model.basis}`)})
        </dd>
        <dt>{speech.word("web.gate.license")}</dt>
        <dd>{model.license ?? speech.word("web.gate.unknown")}</dd>
        <dt>{speech.word("web.gate.headline")}</dt>
        <dd>{model.headline === null ? speech.word("web.gate.unknown") : speech.name("word", model.headline)}</dd>
        {model.process !== null && (
          <>
            <dt>{speech.word("web.gate.process")}</dt>
            <dd>{speech.say(`web.gate.process.${model.process.state}`, { reason: model.process.reason ?? "" })}</dd>
          </>
        )}
        {model.bases.length > 0 && (
          <>
            <dt>{speech.word("web.gate.bases")}</dt>
            <dd>{model.bases.join(", ")}</dd>
          </>
        )}
      </dl>
      {isTurning ? (
        <TurnForm way={way} subject={model.id} done={done} />
      ) : (
        <button type="button" class={way} onClick={() => setTurning(true)} aria-label={`${speech.word(`web.gate.${way}`)}: ${model.id}`}>
          {speech.word(`web.gate.${way}`)} …
        </button>
      )}
    </li>
  );
}
