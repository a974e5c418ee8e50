import { useState } from "preact/hooks";
import { data, type Page, type Query } from "../data.ts";
import { Show, useLoaded } from "../load.tsx";
import { AuditForm } from "../parts/audit-form.tsx";
import { WordBadge } from "../parts/cells.tsx";
import { Failure } from "../parts/failure.tsx";
import { Filters } from "../parts/filters.tsx";
import { hashOf } from "../route.ts";
import { useSpeech } from "../words.tsx";

export interface Asked {
  readonly text: string;
  readonly where: readonly string[];
}

/** Releases that match, page after page. */
export function usePages({ text, where }: Asked): {
  readonly pages: ReturnType<typeof useLoaded<Page>>;
  /** Asks for the page after the last one. */
  readonly more: Following;
  readonly older: readonly Page[];
} {
  const key = JSON.stringify([text, where]);
  const [older, setOlder] = useState<{ readonly key: string; readonly pages: readonly Page[] }>({ key, pages: [] });
  const [failure, setFailure] = useState<unknown>(null);
  const query: Query = { text, where, after: null };
  const pages = useLoaded(key, () => data.releases(query));
  const known = older.key === key ? older.pages : [];
  const last = known.at(-1) ?? (pages.state === "here" ? pages.value : null);
  const after = last?.next ?? null;
  const ask = (): void => {
    setFailure(null);
    data.releases({ ...query, after }).then((page) => setOlder({ key, pages: [...known, page] }), setFailure);
  };
  return { pages, older: known, more: { ask: after === null ? null : ask, failure } };
}

interface Following {
  /** Null after the last page. */
  readonly ask: (() => void) | null;
  readonly failure: unknown;
}

export function More({ more: { ask, failure } }: { readonly more: Following }) {
  const speech = useSpeech();
  return (
    <>
      {failure === null ? null : <Failure failure={failure} />}
      {ask === null ? null : (
        <button type="button" class="more" onClick={ask}>
          {speech.word("web.more")}
        </button>
      )}
    </>
  );
}

export function Browse(asked: Asked) {
  const speech = useSpeech();
  const { pages, older, more } = usePages(asked);
  return (
    <>
      <AuditForm />
      <h1>{speech.word("web.releases")}</h1>
      <Filters page="browse" {...asked} />
      <Show loaded={pages}>
        {(first) => {
          const releases = [first, ...older].flatMap((page) => page.releases);
          if (releases.length === 0) return <p>{speech.word("catalogue.empty")}</p>;
          return (
            <>
              <ul class="releases">
                {releases.map(({ id, key, name, publisher, license, addedAt, column }) => (
                  <li key={id}>
                    <a class="release-name" href={hashOf({ page: "release", id, report: null })}>
                      {publisher === "" ? name : `${publisher} / ${name}`}
                    </a>
                    <span class="release-key faint">{key}</span>
                    <p>
                      <WordBadge word={column.word} /> {speech.say("report.g7-label", { label: speech.name("label", column.label) })}
                      {column.complete ? null : <span class="unsure"> {speech.word("badge.provisional")}</span>}
                    </p>
                    <p class="faint">
                      {license === "" ? null : <code>{license}</code>} {addedAt.slice(0, 10)}
                    </p>
                  </li>
                ))}
              </ul>
              <More more={more} />
            </>
          );
        }}
      </Show>
    </>
  );
}
