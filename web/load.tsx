import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failure } from "./parts/failure.tsx";
import { useSpeech } from "./words.tsx";

export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly failure: unknown }
  | { readonly state: "here"; readonly value: T };

/** Asks again whenever `key` changes; an answer to an older question is dropped. */
export function useLoaded<T>(key: string, ask: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  useEffect(() => {
    let isCurrent = true;
    setLoaded({ state: "loading" });
    ask().then(
      (value) => isCurrent && setLoaded({ state: "here", value }),
      (failure: unknown) => isCurrent && setLoaded({ state: "failed", failure }),
    );
    return () => {
      isCurrent = false;
    };
  }, [key]);
  return loaded;
}

/** Shows what was loaded, that it is on its way, or why it is not there. */
export function Show<T>({ loaded, children }: { readonly loaded: Loaded<T>; readonly children: (value: T) => ComponentChildren }) {
  const speech = useSpeech();
  if (loaded.state === "loading")
    return (
      <p class="faint" aria-live="polite">
        {speech.word("web.loading")}
      </p>
    );
  if (loaded.state === "failed") return <Failure failure={loaded.failure} />;
  return <>{children(loaded.value)}</>;
}
