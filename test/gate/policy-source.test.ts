import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type PolicyNews, PolicySource } from "../../src/gate/screen/policy/policy-source.ts";
import { callOf } from "../support/screens.ts";

let folder: string;
let path: string;
let news: PolicyNews[];
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-policy-"));
  path = join(folder, "policy.yaml");
  news = [];
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server?.closeAllConnections();
  server = undefined;
});

const open = (): Promise<PolicySource> => PolicySource.open({ path, env: () => "judge-key", fetch, onNews: (one) => news.push(one) });
const policy = (rest: string): void => writeFileSync(path, `policy: 1\nid: test\n${rest}`);
const call = callOf("chat/completions");
const said = (content: string) => ({ messages: [{ role: "user", content }] });

describe("a policy file", () => {
  it("is read again when it changes, and kept when the new one is none", async () => {
    policy("terms: [{id: a, terms: [zorblax]}]\n");
    const source = await open();
    const first = source.policy.digest;
    const screen = source.screenFor(call.model, call.caller);
    expect(await screen.request(call, said("zorblax"))).toMatchObject({ kind: "block" });
    expect(await source.reload()).toBe(false);
    policy("terms: [{id: a, terms: []}]\n");
    expect(await source.reload()).toBe(false);
    expect(await source.reload()).toBe(false);
    expect(source.policy.digest).toBe(first);
    policy("terms: [{id: a, terms: [quuxery]}]\n");
    expect(await source.reload()).toBe(true);
    expect(source.policy.digest).not.toBe(first);
    expect(await source.screenFor(call.model, call.caller).request(call, said("zorblax"))).toMatchObject({ kind: "pass" });
    // A call that began keeps its screen.
    expect(await screen.request(call, said("zorblax"))).toMatchObject({ kind: "block" });
    rmSync(path);
    await source.reload();
    await source.reload();
    expect(news.map(({ kind }) => kind)).toEqual(["loaded", "refused", "loaded", "refused"]);
    policy("");
    expect(await source.reload()).toBe(true);
  });

  it.each([
    ["terms: [{id: a}]", /policy\.yaml:3: terms\.0\.terms/u],
    ["hazards:\n  no-such: {}", /policy\.yaml:4: there is no hazard no-such/u],
    ["patterns:\n  - ids: [personal/none]", /policy\.yaml:4: there is no pattern personal\/none/u],
    ["expressions:\n  - {id: a, regex: '('}", /policy\.yaml:4: expression a: /u],
    ["expressions:\n  - {id: a, regex: 'a+'}", /policy\.yaml:4: expression a can match more than 4096 units/u],
    ["models:\n  m:\n    hazards:\n      none: {}", /policy\.yaml:6: there is no hazard none/u],
    ["judges: [{id: a, url: 'file:///x', model: m, dialect: llama-guard-3}]", /judges\.0\.url/u],
    ["whatever: 1", /policy\.yaml:3: there is no key whatever/u],
    ["terms: []\nwhatever:\n  a: 1", /policy\.yaml:4: there is no key whatever/u],
    ["terms:\n  - id: a\n    terms: [b]\n    whatever: 1", /policy\.yaml:6: terms\.0: there is no key whatever/u],
    [
      "patterns:\n  - areas: [personal]\n    request: blok",
      /policy\.yaml:5: patterns\.0\.request: "blok" is not known here; taken is only: /u,
    ],
    ["a: &a [*a]", /policy\.yaml/u],
  ])("that is wrong is refused with its line: %s", async (rest, problem) => {
    policy(rest);
    await expect(open()).rejects.toThrow(problem);
  });

  it("that is not there is said so", async () => {
    await expect(open()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

/** A guard that answers by what it is shown; `answer` gets all messages. */
async function guard(answer: (messages: readonly { role: string; content: string }[]) => string | null): Promise<string> {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => {
      body += data;
    });
    request.on("end", () => {
      const text = request.headers.authorization === "Bearer judge-key" ? answer(JSON.parse(body).messages) : "who?";
      if (text !== null) response.end(JSON.stringify({ choices: [{ message: { role: "assistant", content: text } }] }));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const judged = (url: string, rest = ""): void =>
  policy(`hazards:\n  default: {request: block, response: block}\n  elections: {request: allow, response: allow}\n  defamation: {request: flag, response: replace}
judges: [{id: guard, url: "${url}", model: guard, dialect: llama-guard-3, keyEnv: JUDGE_KEY, ${/timeoutMs/u.test(rest) ? "" : "timeoutMs: 30000"}${rest}}]\n`);

/** Tells the conversations of the self-test apart and says what it is told to of others. */
const sane = (messages: readonly { content: string }[]): string => {
  const all = messages.map(({ content }) => content).join(" ");
  const told = /verdict (S\d+(?:,S\d+)*|odd|slow)/u.exec(messages.at(-1)?.content ?? "")?.[1];
  if (told === "odd") return "I think it is fine";
  if (told !== undefined) return `\n\nunsafe\n${told}`;
  return /pipe bomb|stab him/u.test(all) ? "\n\nunsafe\nS1" : "\n\nsafe";
};

describe("a judge", () => {
  const ask = async (content: string) => {
    const source = await open();
    return { broken: await source.brokenJudges(), screened: await source.screenFor(call.model, call.caller).request(call, said(content)) };
  };

  it.each([
    ["good day", { kind: "pass" }, "passed", []],
    ["verdict S10", { kind: "block", code: "content_filter" }, "blocked", ["hate"]],
    ["verdict S13", { kind: "pass" }, "passed", ["elections"]],
    ["verdict S5", { kind: "pass" }, "flagged", ["defamation"]],
    ["verdict S5,S9", { kind: "block" }, "blocked", ["defamation", "indiscriminate-weapons"]],
    ["verdict S77", { kind: "block" }, "blocked", ["unknown"]],
    ["verdict odd", { kind: "block", code: "filter_failed" }, "failed", ["judge/no-verdict"]],
  ])("asked about %j", async (content, wanted, outcome, rules) => {
    judged(await guard(sane));
    const { broken, screened } = await ask(content);
    expect(broken).toEqual([]);
    expect(screened).toMatchObject(wanted);
    expect(screened.results.find(({ filter }) => filter.startsWith("judge/"))).toMatchObject({ outcome, rules });
  });

  it.each([
    ["safe to everything", () => "safe", "it calls a conversation safe that is not"],
    ["unsafe to everything", () => "unsafe\nS1", "it calls a conversation unsafe that is not"],
    ["in another form", () => "Sure!", "it answers in another form"],
  ])("that says %s is broken, and what it should judge is blocked", async (_what, answer, problem) => {
    judged(await guard(answer));
    const { broken, screened } = await ask("good day");
    expect(broken).toEqual([`guard: ${problem}`]);
    expect(screened).toMatchObject({ kind: "block", code: "filter_failed" });
  });

  it("that does not answer in time blocks, and lets pass only where the policy says so", async () => {
    let silent = false;
    const url = await guard((messages) =>
      silent && !/capital|bread|pipe bomb|neighbour/u.test(messages.map(({ content }) => content).join()) ? null : sane(messages),
    );
    silent = true;
    judged(url, "timeoutMs: 1000");
    const shut = await ask("good day");
    expect(shut.screened).toMatchObject({ kind: "block", code: "filter_failed" });
    expect(shut.screened.results.find(({ filter }) => filter.startsWith("judge/"))).toMatchObject({ outcome: "timed-out" });
    judged(url, "timeoutMs: 1000, onFailure: flag");
    const opened = await ask("good day");
    expect(opened.screened).toMatchObject({ kind: "pass" });
    expect(opened.screened.results.find(({ filter }) => filter.startsWith("judge/"))).toMatchObject({ outcome: "timed-out" });
  });

  const chunk = (delta: object, finish: string | null = null): Buffer =>
    Buffer.from(`data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);

  it.each([
    ["full", "verdict S10", false],
    ["full", "good day", true],
  ])("in %s mode lets nothing of a stream out before it judged %j", async (mode, content, passes) => {
    judged(await guard(sane), `, stream: ${mode}`);
    const source = await open();
    const screen = source.screenFor(call.model, call.caller);
    await screen.request(call, said("hello"));
    const stream = screen.stream(call);
    expect(Buffer.from(await stream.push(chunk({ content: content.slice(0, 4) }))).toString()).toBe("");
    expect(Buffer.from(await stream.push(chunk({ content: content.slice(4) }))).toString()).toBe("");
    const out = Buffer.from(await stream.push(chunk({}, "stop"))).toString() + Buffer.from(await stream.end()).toString();
    expect(out.includes(content.slice(0, 4))).toBe(passes);
    expect(out).toContain(passes ? '"finish_reason":"stop"' : '"finish_reason":"content_filter"');
    expect(out.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  it("in window mode lets pieces out as they are judged, and judges the whole again", async () => {
    judged(await guard(sane), ", stream: window, windowChars: 100");
    const source = await open();
    const screen = source.screenFor(call.model, call.caller);
    const stream = screen.stream(call);
    const push = async (content: string): Promise<string> => Buffer.from(await stream.push(chunk({ content }))).toString();
    expect(await push("Good day. ".repeat(4))).toBe("");
    expect(await push("So it is. ".repeat(8))).toContain("Good day.");
    expect(await push("verdict S10")).toBe("");
    const out = Buffer.from(await stream.push(chunk({}, "stop"))).toString();
    expect(out).toContain('"finish_reason":"content_filter"');
    expect(out).not.toContain("S10");
  });
});
