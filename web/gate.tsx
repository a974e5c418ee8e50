// The gate's own page, served by the gate: what it lets through, and the doors to shut.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { LANGUAGES, type Language } from "../src/reports/language.ts";
import { type Decision, gate, KeyNeeded, keepKey, type State } from "./gate/api.ts";
import { Decisions } from "./gate/decisions.tsx";
import { Doors, Feeds, Policy } from "./gate/doors.tsx";
import { Models } from "./gate/models.tsx";
import { Show, useLoaded } from "./load.tsx";
import { firstLanguage, keepLanguage, Speech, SpeechContext, useSpeech } from "./words.tsx";

const NAMES: Readonly<Record<Language, string>> = { en: "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文" };
/** Milliseconds between two questions. */
const ASK_MS = 2_000;
const SHOWN = 100;

function App() {
  const [language, setLanguage] = useState(firstLanguage);
  const [speech, setSpeech] = useState<Speech | null>(null);
  const loaded = useLoaded(language, async () => new Speech(language, await gate.words(language)));
  useEffect(() => {
    if (loaded.state !== "here") return;
    keepLanguage(loaded.value.language);
    document.title = `Ajar · ${loaded.value.word("web.gate.title")}`;
    setSpeech(loaded.value);
  }, [loaded]);
  if (speech === null || loaded.state === "failed") return <Show loaded={loaded}>{() => null}</Show>;
  return (
    <SpeechContext.Provider value={speech}>
      <header>
        <a class="brand" href="/">
          Ajar
        </a>
        <label class="language">
          <span class="sr">Language / 语言 / 語言</span>
          <select
            value={speech.language}
            onChange={(event) => setLanguage(LANGUAGES.find((one) => one === event.currentTarget.value) ?? "en")}
          >
            {LANGUAGES.map((one) => (
              <option key={one} value={one} lang={one}>
                {NAMES[one]}
              </option>
            ))}
          </select>
        </label>
      </header>
      <main>
        <h1>{speech.word("web.gate.title")}</h1>
        <Gate />
      </main>
    </SpeechContext.Provider>
  );
}

interface Seen {
  readonly state: State | null;
  readonly records: readonly Decision[];
  readonly failure: string | null;
  readonly needsKey: boolean;
}

interface Looked extends Pick<Seen, "records"> {
  readonly state: State;
  readonly last: number;
}

/** What is new since the last look, before what was there. */
async function look(before: Pick<Looked, "records" | "last">): Promise<Looked> {
  const state = await gate.state();
  const { last, records } = await gate.decisions(before.last);
  // A gate that was started again counts from one.
  const kept = last < before.last ? [] : before.records;
  return { state, last, records: [...[...records].reverse(), ...kept].slice(0, SHOWN) };
}

/** Asks again and again while the page is open; one question at a time. */
function useGate(turn: number): Seen {
  const [seen, setSeen] = useState<Seen>({ state: null, records: [], failure: null, needsKey: false });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const again = async (before: Pick<Looked, "records" | "last">): Promise<void> => {
      const looked = await look(before).catch((error: unknown) => error);
      if (isOver) return;
      if (isLooked(looked)) setSeen({ state: looked.state, records: looked.records, failure: null, needsKey: false });
      else
        setSeen((old) => ({
          ...old,
          failure: looked instanceof Error ? looked.message : String(looked),
          needsKey: looked instanceof KeyNeeded,
        }));
      timer = setTimeout(() => void again(isLooked(looked) ? looked : before), ASK_MS);
    };
    void again({ records: [], last: 0 });
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [turn]);
  return seen;
}

function isLooked(looked: unknown): looked is Looked {
  return typeof looked === "object" && looked !== null && "state" in looked;
}

function Gate() {
  const speech = useSpeech();
  const [turn, setTurn] = useState(0);
  const { state, records, failure, needsKey } = useGate(turn);
  const again = (): void => setTurn((before) => before + 1);
  if (needsKey) return <KeyForm message={failure ?? ""} given={again} />;
  return (
    <>
      {failure !== null && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      {state === null ? (
        <p class="faint">{speech.word("web.loading")}</p>
      ) : (
        <>
          <Section title="web.gate.models">
            <Models models={state.models} changed={again} />
          </Section>
          <Section title="web.gate.doors">
            <Doors shut={state.doors.shut} changed={again} />
          </Section>
          <Section title="web.gate.feeds">
            <Feeds feeds={state.doors.feeds} />
          </Section>
          <Section title="web.gate.policy">
            <Policy policy={state.policy} />
          </Section>
          <Section title="web.gate.decisions">
            <Decisions records={records} />
          </Section>
        </>
      )}
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: preact.ComponentChildren }) {
  return (
    <section>
      <h2>{useSpeech().word(title)}</h2>
      {children}
    </section>
  );
}

function KeyForm({ message, given }: { readonly message: string; readonly given: () => void }) {
  const speech = useSpeech();
  return (
    <form
      class="turn"
      onSubmit={(event) => {
        event.preventDefault();
        keepKey(String(new FormData(event.currentTarget).get("key") ?? "").trim());
        given();
      }}
    >
      <p>
        <label for="key">{speech.word("web.gate.key")}</label>
        <input id="key" name="key" type="password" required autocomplete="off" />
      </p>
      <button type="submit">{speech.word("web.gate.enter")}</button>
      <p class="failure" role="alert">
        {message}
      </p>
    </form>
  );
}

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
