import { useState } from "preact/hooks";
import { COMPONENT_IDS } from "../../src/core/component.ts";
import { hashOf } from "../route.ts";
import { useSpeech } from "../words.tsx";

interface Given {
  readonly page: "browse" | "matrix";
  readonly text: string;
  readonly where: readonly string[];
}

const STANDARDS = ["osaid-1.0", "g7-2026", "mof:mof-paper", "mof:mof-mot", "osaii-2026", "eu-ai-act-53-2"] as const;
const OUTCOMES = ["met", "not-met", "unknown"] as const;
const WORDS = ["open", "ajar", "shut", "unknown"] as const;
const AVAILABILITIES = ["found", "elsewhere", "gated", "claimed", "absent", "unknown"] as const;

/** Everything asked for stands in the address: a filtered list can be linked to. */
export function Filters({ page, text, where }: Given) {
  const speech = useSpeech();
  const [typed, setTyped] = useState(text);
  const go = (next: Partial<Given>): void => {
    location.hash = hashOf({ page, text, where, ...next });
  };
  const set = (cell: string, value: string): void => {
    const kept = where.filter((condition) => !condition.startsWith(`${cell}=`));
    go({ where: value === "" ? kept : [...kept, `${cell}=${value}`] });
  };
  const chosenFor = (cell: string): string => where.find((condition) => condition.startsWith(`${cell}=`))?.slice(cell.length + 1) ?? "";
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        go({ text: typed });
      }}
    >
      <label class="wide">
        {speech.word("web.words")}
        <input type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      </label>
      <button type="submit">{speech.word("web.search")}</button>
      <Choice
        label={speech.word("web.how-open")}
        value={chosenFor("word")}
        set={(value) => set("word", value)}
        options={WORDS.map((word) => [word, speech.word(`word.${word}`)])}
      />
      {STANDARDS.slice(0, 1).map((id) => (
        <Choice
          key={id}
          label={speech.name("standard", id)}
          value={chosenFor(`standard:${id}`)}
          set={(value) => set(`standard:${id}`, value)}
          options={OUTCOMES.map((outcome) => [outcome, speech.word(`outcome.${outcome}`)])}
        />
      ))}
      <details>
        <summary>{speech.word("web.more-filters")}</summary>
        <div class="more-filters">
          {STANDARDS.slice(1).map((id) => {
            const [standard = id, profile] = id.split(":");
            return (
              <Choice
                key={id}
                label={[speech.name("standard", standard), profile].filter((part) => part !== undefined).join(" ")}
                value={chosenFor(`standard:${id}`)}
                set={(value) => set(`standard:${id}`, value)}
                options={OUTCOMES.map((outcome) => [outcome, speech.word(`outcome.${outcome}`)])}
              />
            );
          })}
          {COMPONENT_IDS.map((id) => (
            <Choice
              key={id}
              label={speech.name("component", id)}
              value={chosenFor(`component:${id}`)}
              set={(value) => set(`component:${id}`, value)}
              options={AVAILABILITIES.map((state) => [state, speech.word(`availability.${state}`)])}
            />
          ))}
        </div>
      </details>
      {text === "" && where.length === 0 ? null : (
        <button
          type="button"
          onClick={() => {
            setTyped("");
            go({ text: "", where: [] });
          }}
        >
          {speech.word("web.clear")}
        </button>
      )}
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly options: readonly (readonly [string, string])[];
}

function Choice({ label, value, set, options }: ChoiceProps) {
  const speech = useSpeech();
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{speech.word("web.any")}</option>
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
