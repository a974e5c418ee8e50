import { useEffect, useState } from "preact/hooks";
import { type AuditState, data } from "../data.ts";
import { hashOf } from "../route.ts";
import { useSpeech } from "../words.tsx";

/** Paste a target and watch it being audited; at the end, its page. */
export function AuditForm() {
  const speech = useSpeech();
  const [target, setTarget] = useState("");
  const [id, setId] = useState<string | null>(null);
  const [state, setState] = useState<AuditState | null>(null);
  const [refusal, setRefusal] = useState("");
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
        setRefusal("");
        setState({ state: "waiting" });
        data.audit(target).then(setId, (failure: unknown) => {
          setState(null);
          setRefusal(failure instanceof Error ? failure.message : String(failure));
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
      {refusal === "" && state?.state !== "failed" ? null : (
        <p class="failure" role="alert">
          {state?.state === "failed" ? `${state.message} ${state.hint ?? ""} [${state.code}]` : refusal}
        </p>
      )}
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
