import { useState } from "preact/hooks";
import { Refused, signIn } from "../data.ts";
import { useSpeech } from "../words.tsx";

/** Why something is not there, in the server's own words; where the server wants its token first, a place to give it. */
export function Failure({ failure }: { readonly failure: unknown }) {
  if (failure instanceof Refused && failure.needsToken) return <TokenForm />;
  return (
    <p class="failure" role="alert">
      {failure instanceof Error ? failure.message : String(failure)}
    </p>
  );
}

function TokenForm() {
  const speech = useSpeech();
  const [token, setToken] = useState("");
  const [isWrong, setWrong] = useState(false);
  return (
    <form
      class="audit"
      onSubmit={(event) => {
        event.preventDefault();
        signIn(token).then(
          () => location.reload(),
          () => setWrong(true),
        );
      }}
    >
      <label>
        {speech.word("web.token")}
        <input
          name="token"
          type="password"
          required
          autocomplete="off"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </label>
      <button type="submit">{speech.word("web.sign-in")}</button>
      {isWrong ? (
        <p class="failure" role="alert">
          {speech.word("web.wrong-token")}
        </p>
      ) : null}
    </form>
  );
}
