import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { LANGUAGES, type Language } from "../src/reports/language.ts";
import { data } from "./data.ts";
import { Show, useLoaded } from "./load.tsx";
import { Browse } from "./pages/browse.tsx";
import { ChartsPage } from "./pages/charts.tsx";
import { MatrixPage } from "./pages/matrix.tsx";
import { ReleasePage } from "./pages/release.tsx";
import { type Route, useRoute } from "./route.ts";
import { firstLanguage, keepLanguage, Speech, SpeechContext } from "./words.tsx";

const NAMES: Readonly<Record<Language, string>> = { en: "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文" };

function App() {
  const [language, setLanguage] = useState(firstLanguage);
  const [speech, setSpeech] = useState<Speech | null>(null);
  // Words travel with the language they are of: the page stays as it is until those of another one are there.
  const loaded = useLoaded(language, async () => new Speech(language, await data.words(language)));
  useEffect(() => {
    if (loaded.state !== "here") return;
    keepLanguage(loaded.value.language);
    setSpeech(loaded.value);
  }, [loaded]);
  if (speech === null || loaded.state === "failed") return <Show loaded={loaded}>{() => null}</Show>;
  return <Frame speech={speech} choose={setLanguage} />;
}

const PAGES = [
  ["browse", "#/", "web.releases"],
  ["matrix", "#/matrix", "web.matrix"],
  ["charts", "#/charts", "web.charts"],
] as const;

function Frame({ speech, choose }: { readonly speech: Speech; readonly choose: (language: Language) => void }) {
  const route = useRoute();
  return (
    <SpeechContext.Provider value={speech}>
      <header>
        <a class="brand" href="#/">
          Ajar
        </a>
        <nav aria-label="Ajar">
          {PAGES.map(([page, href, word]) => (
            <a key={page} href={href} aria-current={route.page === page ? "page" : undefined}>
              {speech.word(word)}
            </a>
          ))}
        </nav>
        <label class="language">
          <span class="sr">Language / 语言 / 語言</span>
          <select value={speech.language} onChange={(event) => choose(LANGUAGES.find((one) => one === event.currentTarget.value) ?? "en")}>
            {LANGUAGES.map((language) => (
              <option key={language} value={language} lang={language}>
                {NAMES[language]}
              </option>
            ))}
          </select>
        </label>
      </header>
      <main>
        <Routed route={route} />
      </main>
      <footer>{speech.word("html.advice")}</footer>
    </SpeechContext.Provider>
  );
}

function Routed({ route }: { readonly route: Route }) {
  switch (route.page) {
    case "release":
      return <ReleasePage id={route.id} reportId={route.report} />;
    case "charts":
      return <ChartsPage />;
    case "matrix":
      return <MatrixPage text={route.text} where={route.where} />;
    case "browse":
      return <Browse text={route.text} where={route.where} />;
  }
}

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
