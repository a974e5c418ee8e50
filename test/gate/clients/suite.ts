// What the official clients get from whatever is served: shapes, and that a stream says what the whole answer says.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pythonWith } from "../../support/python.ts";

interface Served {
  /** Without `/v1`. */
  readonly url: string;
  readonly model: string;
  close(): Promise<void>;
}

interface Suite {
  readonly open: () => Promise<Served>;
  /** What the model must say about the capital of France. */
  readonly says: RegExp;
  /** Why it cannot be run here. */
  readonly skip: boolean;
}

const python = pythonWith("openai==3.57.0");
const messages = [{ role: "user" as const, content: "What is the capital of France?" }];
const common = { max_tokens: 24, temperature: 0, seed: 1 };
/** A model is fetched and loaded. */
const OPEN_MS = 300_000;

export function clientSuite(name: string, { open, says, skip }: Suite): void {
  describe.skipIf(skip)(`the official clients and ${name}`, () => {
    let served: Served;
    let client: OpenAI;
    beforeAll(async () => {
      served = await open();
      client = new OpenAI({ baseURL: `${served.url}/v1`, apiKey: "none", maxRetries: 0 });
    }, OPEN_MS);
    afterAll(() => served?.close());

    it("chat: whole, n, and streamed with the same words", async () => {
      const ask = { ...common, model: served.model, messages, n: 2 };
      const whole = await client.chat.completions.create(ask);
      expect(whole).toMatchObject({ object: "chat.completion", choices: [{ index: 0, message: { role: "assistant" } }, { index: 1 }] });
      expect(whole.choices[0]?.message.content).toMatch(says);
      expect(whole.usage?.total_tokens).toBe((whole.usage?.prompt_tokens ?? 0) + (whole.usage?.completion_tokens ?? 0));
      const texts = ["", ""];
      const ends: (string | null)[] = [null, null];
      for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
        for (const { index, delta, finish_reason: end } of chunk.choices) {
          texts[index] += delta.content ?? "";
          ends[index] = end ?? ends[index] ?? null;
        }
      }
      expect(texts).toEqual(whole.choices.map(({ message }) => message.content));
      for (const end of ends) expect(end).toMatch(/^(?:stop|length)$/u);
    });

    it("chat: the client's own helper for streams", async () => {
      const stream = client.chat.completions.stream({ ...common, model: served.model, messages });
      const final = await stream.finalChatCompletion();
      expect(final.choices[0]?.message.content).toMatch(says);
    });

    it("completions: whole and streamed", async () => {
      const ask = { ...common, model: served.model, prompt: "The capital of France is" };
      const whole = (await client.completions.create(ask)).choices[0]?.text;
      let text = "";
      for await (const chunk of await client.completions.create({ ...ask, stream: true })) text += chunk.choices[0]?.text ?? "";
      expect(text).toBe(whole);
      expect(text).toMatch(says);
    });

    it("responses: whole and streamed", async () => {
      const ask = { model: served.model, input: "What is the capital of France?", max_output_tokens: 24, temperature: 0 };
      const whole = await client.responses.create(ask);
      let said = "";
      let last = "";
      for await (const event of await client.responses.create({ ...ask, stream: true })) {
        if (event.type === "response.output_text.delta") said += event.delta;
        last = event.type;
      }
      expect(said).toBe(whole.output_text);
      expect(said).toMatch(says);
      expect(last).toMatch(/^response\.(?:completed|incomplete)$/u);
    });

    it("embeddings, models and errors", async () => {
      const { data } = await client.embeddings.create({ model: served.model, input: ["a cat", "a dog"] });
      expect(data.map(({ index }) => index)).toEqual([0, 1]);
      expect(data[0]?.embedding.length).toBeGreaterThan(2);
      expect(data[0]?.embedding.every((number) => Number.isFinite(number))).toBe(true);
      expect((await client.models.list()).data.map(({ id }) => id)).toEqual([served.model]);
      expect((await client.models.retrieve(served.model)).id).toBe(served.model);
      await expect(client.chat.completions.create({ model: "no-such", messages })).rejects.toMatchObject({ status: 404 });
    });

    it("a stream that the client leaves ends the work behind it", async () => {
      const ask = { model: served.model, messages, max_tokens: 200, stream: true } as const;
      for (let turn = 0; turn < 4; turn += 1) {
        const stream = await client.chat.completions.create(ask);
        for await (const _ of stream) break;
      }
      expect((await client.chat.completions.create({ ...common, model: served.model, messages })).choices).toHaveLength(1);
    });

    it.skipIf(python === null)("the Python client gets the same", async () => {
      const script = join(import.meta.dirname, "any_model.py");
      const { stdout } = await promisify(execFile)(python ?? "", [script, `${served.url}/v1`, served.model], { timeout: 120_000 });
      const { "chat text": text, ...got } = JSON.parse(stdout);
      expect(text).toMatch(says);
      expect(got).toEqual({
        chat: [
          [0, "assistant", "str"],
          [1, "assistant", "str"],
        ],
        "adds up": true,
        "streams the same": true,
        ends: true,
        "one usage": true,
        "completes the same": true,
        "responds the same": true,
        "response ends": true,
        embeds: true,
        models: [served.model],
        model: served.model,
        "unknown model": ["NotFoundError", 404],
        "unknown endpoint": ["NotFoundError", 404],
      });
    });
  });
}
