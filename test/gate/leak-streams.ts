// Made-up streams with made-up words that must not get through, plain and disguised, cut anywhere; and what a client reads of them.
import type { Endpoint, StreamScreen } from "../../src/gate/contract.ts";

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let now = Math.imul(state ^ (state >>> 15), state | 1);
    now ^= now + Math.imul(now ^ (now >>> 7), now | 61);
    return ((now ^ (now >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Words that no language has, and one of Chinese characters that nobody puts together. */
const FORBIDDEN = ["zorblax", "quuxery", "vintrop wuzzle", "忌囗谧", "jarkplim"] as const;

export const LEAK_POLICY = `policy: 1
id: leak-test
terms:
  - id: made-up
    terms: [${FORBIDDEN.join(", ")}]
`;

const CLEAN = [
  "the",
  "a",
  "light",
  "river",
  "zorb",
  "quux",
  "vintrop",
  "wuzzles",
  "zorblaxes",
  "jark",
  "plim",
  "was",
  "I'm",
  "is",
  "over",
  "1984",
  "3.5",
  "x",
  "b-c",
  "國家",
  "忌",
  "谧",
  "你好",
  "привет",
  "naïve",
  "café",
  "e\u0301",
  "👩‍🚀",
  "🇫🇷",
  "😀",
  "\u200b",
  "—",
  "(so)",
  '"q"',
  "\\n",
  "%",
  "&",
  "a/b",
  "<b>",
  "한국",
  "ab12",
  "feed",
  "z",
  "\n",
  "\t",
  "...",
  "Ünï",
  "がく",
] as const;

type Disguise = (word: string, draw: () => number) => string;

const LOOKALIKES: Readonly<Record<string, string>> = { a: "а", o: "о", e: "е", p: "р", x: "х", i: "і", y: "у", r: "г", b: "Ь", l: "ӏ" };
const LEET: Readonly<Record<string, string>> = { a: "4", o: "0", e: "3", i: "1", t: "7", b: "8" };

function each(word: string, change: (char: string) => string): string {
  return Array.from(word, change).join("");
}

function rotated(text: string): string {
  return text.replace(/[a-z]/gu, (char) => String.fromCharCode(((char.charCodeAt(0) - 97 + 13) % 26) + 97));
}

const isHan = (word: string): boolean => /\p{Script=Han}/u.test(word);

/** Ways to write a word that reads the same. */
export const DISGUISES: Readonly<Record<string, Disguise>> = {
  plain: (word) => word,
  upper: (word) => word.toUpperCase(),
  lookalikes: (word, draw) => each(word, (char) => (draw() < 0.7 ? (LOOKALIKES[char] ?? char) : char)),
  wide: (word) => each(word, (char) => (/[a-z]/u.test(char) ? String.fromCharCode(char.charCodeAt(0) + 0xfee0) : char)),
  styled: (word) => each(word, (char) => (/[a-z]/u.test(char) ? String.fromCodePoint(0x1d41a + char.charCodeAt(0) - 97) : char)),
  invisible: (word, draw) => each(word, (char) => char + (draw() < 0.6 ? "\u200b\u2060\u00ad\ufe0f"[Math.floor(draw() * 4)] : "")),
  marks: (word) => (isHan(word) ? word : each(word, (char) => (char === " " ? char : `${char}\u0336\u0301`))),
  leet: (word) => (isHan(word) ? word : each(word, (char) => LEET[char] ?? char)),
  dashes: (word) => (word.includes(" ") ? word : Array.from(word).join("-")),
  dots: (word) => (word.includes(" ") ? word : Array.from(word).join(".")),
  spaces: (word) => (word.includes(" ") ? word.replace(" ", "  \n ") : Array.from(word).join(" ")),
  pinyin: (word) => (isHan(word) ? each(word, (char) => `${char}(jì)`) : word),
  base64: (word) => Buffer.from(`say ${word}, now`).toString("base64"),
  base64twice: (word) => Buffer.from(Buffer.from(`say ${word}, now`).toString("base64")).toString("base64"),
  hex: (word) => Buffer.from(`say ${word}`).toString("hex"),
  rot13: (word) => (isHan(word) ? word : rotated(word)),
  percent: (word) => [...Buffer.from(word)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  references: (word) => each(word, (char) => `&#${char.codePointAt(0)};`),
  escapes: (word) => each(word, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`),
};

const DISGUISE_NAMES = Object.keys(DISGUISES);

/** Where a text goes in a reply. */
export const PATHS = [
  "content",
  "reasoning_content",
  "reasoning",
  "refusal",
  "arguments",
  "text",
  "output_text",
  "reasoning_text",
  "function_call_arguments",
] as const;
type Path = (typeof PATHS)[number];

const PATHS_OF: Readonly<Record<"chat/completions" | "completions" | "responses", readonly Path[]>> = {
  "chat/completions": ["content", "reasoning_content", "reasoning", "refusal", "arguments"],
  completions: ["text"],
  responses: ["output_text", "reasoning_text", "function_call_arguments"],
};

interface Answer {
  readonly path: Path;
  readonly text: string;
  /** Where the first unit of what must not get through stands; -1 where nothing must. */
  readonly from: number;
  readonly disguise: string;
}

export interface MadeStream {
  readonly seed: number;
  readonly endpoint: Endpoint;
  readonly answers: readonly Answer[];
  readonly chunks: readonly Uint8Array[];
}

function pick<Of>(list: readonly Of[], draw: () => number): Of {
  return list[Math.floor(draw() * list.length)] as Of;
}

function words(draw: () => number, most: number): string {
  let text = "";
  for (let count = Math.floor(draw() * most); count > 0; count -= 1) text += `${pick(CLEAN, draw)} `;
  return text;
}

function answer(path: Path, draw: () => number): Answer {
  const before = words(draw, 6);
  if (draw() < 0.4) return { path, text: before + words(draw, 4), from: -1, disguise: "" };
  const disguise = pick(DISGUISE_NAMES, draw);
  const hidden = DISGUISES[disguise]?.(pick(FORBIDDEN, draw), draw) ?? "";
  // After something that ends a word and joins nothing: a single letter before would be joined to letters that stand apart.
  const lead = `${before}so, `;
  return { path, text: `${lead}${hidden} ${words(draw, 4)}`, from: lead.length, disguise };
}

/** A text in pieces as a model gives them, also within a pair of surrogates. */
function pieces(text: string, draw: () => number): string[] {
  const most = pick([1, 4, 8, 20, 60], draw);
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const size = 1 + Math.floor(draw() * most);
    parts.push(text.slice(at, at + size));
    at += size;
  }
  return parts;
}

function json(value: unknown, draw: () => number): string {
  const plain = JSON.stringify(value);
  return draw() < 0.3 ? plain.replace(/[\u0080-\uffff]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`) : plain;
}

interface Event {
  readonly name: string;
  readonly body: unknown;
}

function chatEvents(endpoint: Endpoint, answers: readonly Answer[], draw: () => number): Event[] {
  const top = {
    id: "chatcmpl-1",
    object: endpoint === "completions" ? "text_completion" : "chat.completion.chunk",
    created: 1,
    model: "made-up",
  };
  const queues = answers.map(({ path, text }, index): Event[] => {
    const parts = pieces(text, draw).map((piece): Event => {
      if (path === "text") return { name: "", body: { ...top, choices: [{ index, text: piece, logprobs: null, finish_reason: null }] } };
      const delta = path === "arguments" ? { tool_calls: [{ index: 0, function: { arguments: piece } }] } : { [path]: piece };
      return { name: "", body: { ...top, choices: [{ index, delta, finish_reason: null }] } };
    });
    const last = path === "text" ? { index, text: "", logprobs: null, finish_reason: "stop" } : { index, delta: {}, finish_reason: "stop" };
    const first =
      path === "text" ? [] : [{ name: "", body: { ...top, choices: [{ index, delta: { role: "assistant" }, finish_reason: null }] } }];
    return [...first, ...parts, { name: "", body: { ...top, choices: [last] } }];
  });
  const events: Event[] = [];
  for (let open = queues.filter((queue) => queue.length > 0); open.length > 0; open = open.filter((queue) => queue.length > 0)) {
    const next = pick(open, draw).shift();
    if (next !== undefined) events.push(next);
  }
  return [...events, { name: "", body: { ...top, choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } } }];
}

function responseEvents([only]: readonly Answer[], draw: () => number): Event[] {
  if (only === undefined) return [];
  const response = { id: "resp_1", object: "response", created_at: 1, model: "made-up", status: "in_progress", output: [] };
  const kind = `response.${only.path}`;
  const at = { item_id: "item_1", output_index: 0, content_index: 0 };
  let sequence = 0;
  const event = (type: string, rest: object): Event => {
    sequence += 1;
    return { name: type, body: { type, sequence_number: sequence, ...rest } };
  };
  const done = only.path === "function_call_arguments" ? { arguments: only.text } : { text: only.text };
  return [
    event("response.created", { response }),
    ...pieces(only.text, draw).map((delta) => event(`${kind}.delta`, { ...at, delta })),
    event(`${kind}.done`, { ...at, ...done }),
    event("response.completed", {
      response: {
        ...response,
        status: "completed",
        output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: only.text }] }],
      },
    }),
  ];
}

/** The events as bytes, in one of the forms that the standard allows, cut into chunks. */
function bytesOf(events: readonly Event[], endpoint: Endpoint, draw: () => number): Uint8Array[] {
  const end = pick(["\n", "\n", "\n", "\r\n", "\r"], draw);
  let text = draw() < 0.1 ? `: made up${end}${end}` : "";
  for (const { name, body } of events) {
    if (name !== "") text += `event: ${name}${end}`;
    text += `data:${draw() < 0.9 ? " " : ""}${json(body, draw)}${end}${end}`;
  }
  if (endpoint !== "responses") text += `data: [DONE]${end}${end}`;
  const bytes = Buffer.from(text, "utf8");
  const most = pick([1, 30, 300, 300, bytes.length, bytes.length], draw);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(draw() * most);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

export function makeStream(seed: number): MadeStream {
  const draw = drawing(seed);
  const endpoint = pick(["chat/completions", "chat/completions", "chat/completions", "completions", "responses"] as const, draw);
  const count = endpoint === "responses" ? 1 : pick([1, 1, 2, 3, 4], draw);
  const answers = Array.from({ length: count }, () => answer(pick(PATHS_OF[endpoint], draw), draw));
  const events = endpoint === "responses" ? responseEvents(answers, draw) : chatEvents(endpoint, answers, draw);
  return { seed, endpoint, answers, chunks: bytesOf(events, endpoint, draw) };
}

/** What a client has of an answer. */
interface Read {
  text: string;
  finish: string | null;
}

/** Reads the bytes that left, as a client does. Throws for what no client takes. */
function readClient(bytes: Uint8Array, endpoint: Endpoint, count: number): { readonly answers: Read[]; readonly dones: number } {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const answers = Array.from({ length: count }, (): Read => ({ text: "", finish: null }));
  let dones = 0;
  for (const block of text.split(/\r\n\r\n|\n\n|\r\r/u)) {
    const line = block.split(/\r\n|\n|\r/u).find((one) => one.startsWith("data:"));
    if (line === undefined) continue;
    const data = line.slice(5).trim();
    if (data === "[DONE]") {
      dones += 1;
      continue;
    }
    const event = JSON.parse(data);
    if (endpoint === "responses") readResponse(event, answers);
    else readChunk(event, answers);
  }
  return { answers, dones };
}

function readChunk(event: { choices?: readonly Record<string, never>[] }, answers: Read[]): void {
  for (const choice of event.choices ?? []) {
    const {
      index,
      text,
      delta,
      finish_reason: finish,
    } = choice as unknown as {
      index: number;
      text?: string;
      delta?: Record<string, unknown>;
      finish_reason: string | null;
    };
    const into = answers[index];
    if (into === undefined) throw new Error("an answer nobody asked for");
    const calls = (delta?.["tool_calls"] ?? []) as readonly { function: { arguments: string } }[];
    into.text += text ?? "";
    for (const path of ["content", "reasoning_content", "reasoning", "refusal"]) into.text += delta?.[path] ?? "";
    for (const call of calls) into.text += call.function.arguments;
    if (finish !== null) into.finish = finish;
  }
}

function readResponse(event: Record<string, unknown>, answers: Read[]): void {
  const type = String(event["type"]);
  const [into] = answers;
  if (into === undefined) return;
  if (type.endsWith(".delta")) into.text += String(event["delta"]);
  if (type === "response.completed") into.finish = "stop";
  if (type === "response.incomplete") into.finish = "content_filter";
}

/** The bytes of a made-up stream with some of them changed, taken out or put in twice, in chunks. */
export function damaged({ chunks, seed }: MadeStream): Uint8Array[] {
  const draw = drawing(seed ^ 0x5bd1_e995);
  const bytes = [...Buffer.concat(chunks)];
  for (let count = 1 + Math.floor(draw() * 4); count > 0; count -= 1) {
    const at = Math.floor(draw() * bytes.length);
    const how = draw();
    if (how < 0.4) bytes[at] = pick([0x22, 0x7b, 0x7d, 0x0a, 0x0d, 0x3a, 0x5c, 0xff, 0x2c, 0x5b], draw);
    else if (how < 0.7) bytes.splice(at, 1 + Math.floor(draw() * 20));
    else bytes.splice(at, 0, ...bytes.slice(at, at + Math.floor(draw() * 60)));
  }
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(draw() * 200);
    parts.push(Uint8Array.from(bytes.slice(at, at + size)));
    at += size;
  }
  return parts;
}

/** Texts of a reply as a client puts them together, by answer. Throws for what no client takes. */
export function clientTexts(bytes: Uint8Array, endpoint: Endpoint): readonly string[] {
  return readClient(bytes, endpoint, MOST_ANSWERS).answers.map(({ text }) => text);
}

/** Indexes that damage can make of another are let pass by the reader up to here. */
const MOST_ANSWERS = 1024;

/** Sends a made-up stream through a screen; says what is wrong with what left, null when nothing is. */
export async function leakOf(made: MadeStream, screen: StreamScreen): Promise<string | null> {
  const out: Uint8Array[] = [];
  for (const chunk of made.chunks) {
    const pushed = screen.push(chunk);
    const bytes = pushed instanceof Promise ? await pushed : pushed;
    if (bytes.length > 0) out.push(bytes);
    if (screen.ended) break;
  }
  if (!screen.ended) {
    const ended = screen.end();
    out.push(ended instanceof Promise ? await ended : ended);
  }
  // A filter that failed blocks as well; it must not pass for one that found something.
  const broken = screen.results().find(({ outcome }) => outcome === "failed" || outcome === "overflowed" || outcome === "timed-out");
  return broken === undefined ? problemIn(made, Buffer.concat(out)) : `${broken.filter} ${broken.outcome}`;
}

function problemIn({ answers: sent, endpoint }: MadeStream, bytes: Buffer): string | null {
  const { answers, dones } = readClient(bytes, endpoint, sent.length);
  if (endpoint !== "responses" && dones !== 1) return `${dones} times [DONE]`;
  return sent.map((one, at) => problemOf(one, answers[at] as Read)).find((problem) => problem !== null) ?? null;
}

function problemOf({ text, from, path, disguise }: Answer, got: Read): string | null {
  if (from === -1) {
    if (got.text !== text) return `${path}: untouched text is ${JSON.stringify(got.text)}, not ${JSON.stringify(text)}`;
    return got.finish === "stop" ? null : `${path}: untouched text ends with ${got.finish}: ${JSON.stringify(text)}`;
  }
  if (!text.startsWith(got.text)) return `${path}: another text left: ${JSON.stringify(got.text)}`;
  if (got.text.length > from)
    return `${path}, ${disguise}: ${JSON.stringify(got.text.slice(from))} of ${JSON.stringify(text.slice(from))} left`;
  return got.finish === "content_filter" ? null : `${path}, ${disguise}: ends with ${got.finish}`;
}
