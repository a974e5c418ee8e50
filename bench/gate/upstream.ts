// The scripted upstream of bench:gate, a process of its own: small answers, made beforehand but for the first word of the question.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Events of one stream, each in a write and a turn of its own, as a model makes them. */
const EVENTS = 20;
const head =
  '{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"scripted","choices":[{"index":0,"message":{"role":"assistant","content":"';
const text = "The tern flies from pole to pole each year, further than any other bird, and sees two summers. ";
const tail = '"},"finish_reason":"stop","logprobs":null}],"usage":{"prompt_tokens":12,"completion_tokens":24,"total_tokens":36}}';
const delta = (content: string): string =>
  `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"scripted","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}\n\n`;
const middle = Buffer.from(delta(" and sees two summers"));
const last = Buffer.from(
  'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"scripted","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
);

function stream(response: ServerResponse, id: string, pause: number): void {
  response.writeHead(200, ["content-type", "text/event-stream"]);
  response.write(delta(id));
  let left = EVENTS - 2;
  const next = (): void => {
    if (response.destroyed) return;
    if (left === 0) {
      response.end(last);
      return;
    }
    left -= 1;
    response.write(middle);
    if (pause > 0) setTimeout(next, pause);
    else setImmediate(next);
  };
  setImmediate(next);
}

const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  response.on("error", () => undefined);
  request.on("end", () => {
    const body = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString();
    const id = /"content":"([^" ]*) /u.exec(body)?.[1] ?? "";
    if (body.includes('"stream":true')) {
      stream(response, id, Number(/"seed":(\d+)/u.exec(body)?.[1] ?? 0));
      return;
    }
    const answer = Buffer.from(`${head}${id} ${text}${tail}`);
    response.writeHead(200, ["content-type", "application/json", "content-length", String(answer.length)]);
    response.end(answer);
  });
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit());
