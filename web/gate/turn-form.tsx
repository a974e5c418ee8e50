// Shuts or opens one door. Opening asks for its name once more: what was shut for a reason is not opened by one slip.
import { useId, useState } from "preact/hooks";
import { useSpeech } from "../words.tsx";
import { gate } from "./api.ts";

interface Turn {
  readonly way: "shut" | "open";
  /** Model, digest or base; null lets the operator write one. */
  readonly subject: string | null;
  readonly done: () => void;
}

export function TurnForm({ way, subject, done }: Turn) {
  const speech = useSpeech();
  const id = useId();
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const field = (name: string): string => String(fields.get(name) ?? "").trim();
    const target = subject ?? field("subject");
    setBusy(true);
    setFailure(null);
    try {
      if (way === "shut") await gate.shut(target, field("reason"));
      else await gate.open(target, field("reason"), field("confirm"));
      form.reset();
      done();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  return (
    <form class="turn" onSubmit={(event) => void submit(event)}>
      {subject === null && <Field id={`${id}-s`} name="subject" label={speech.word("web.gate.subject")} />}
      <Field id={`${id}-r`} name="reason" label={speech.word("web.gate.reason")} />
      {way === "open" && <Field id={`${id}-c`} name="confirm" label={speech.say("web.gate.confirm", { subject: subject ?? "" })} />}
      <button type="submit" class={way} disabled={isBusy}>
        {speech.word(`web.gate.${way}`)}
      </button>
      {failure !== null && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
    </form>
  );
}

function Field({ id, name, label }: { readonly id: string; readonly name: string; readonly label: string }) {
  return (
    <p>
      <label for={id}>{label}</label>
      <input id={id} name={name} required maxLength={500} autocomplete="off" spellcheck={false} />
    </p>
  );
}
