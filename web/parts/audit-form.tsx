import { useEffect, useState } from "preact/hooks";
import { type AuditState, data } from "../data.ts";
import { hashOf } from "../route.ts";
import { useSpeech } from "../words.tsx";
import { Failure } from "./failure.tsx";

/** Paste a target and watch it being audited; at the end, its page. */
export function AuditForm() {
  const speech = useSpeech();
  const [target, setTarget] = useState("");
  const [id, setId] = useState<string | null>(null);
  const [state, setState] = useState<AuditState | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  useEffect(() => {
    if (id === null) return undefined;
    return data.watch(id, (next) => {
      setState(next);
      if (next.state === "done") location.hash = hashOf({ page: "release", id: next.releaseId, report: null });
    });
  }, [id]);
  if (!data.audits) return null;
  const isBusy = state !== null && (state.state === "waiting" || state.state === "running");
  return (
    <form
      class="audit"
      onSubmit={(event) => {
        event.preventDefault();
        setRefusal(null);
        setState({ state: "waiting" });
        // A shared queue gives a target that waits already the same id again, which has to be watched anew.
        setId(null);
        data.audit(target).then(setId, (failure: unknown) => {
          setState(null);
          setRefusal(failure);
        });
      }}
    >
      <label>
        {speech.word("web.target")}
        <input
          name="target"
          required
          spellcheck={false}
          autocomplete="off"
          placeholder="hf:owner/name, npm:name, pypi:name"
          value={target}
          onInput={(event) => setTarget(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={isBusy}>
        {speech.word("web.audit")}
      </button>
      <p class="progress" aria-live="polite">
        {state === null ? "" : progressText(state, (key) => speech.word(key))}
      </p>
      {refusal === null ? null : <Failure failure={refusal} />}
      {state?.state === "failed" ? <Failure failure={`${state.message} ${state.hint ?? ""} [${state.code}]`} /> : null}
    </form>
  );
}

function progressText(state: AuditState, word: (id: string) => string): string {
  switch (state.state) {
    case "waiting":
      return word("web.waiting");
    case "running":
      return `${word("web.running")} ${state.progress}`;
    case "done":
      return word("web.done");
    case "failed":
      return "";
  }
}
