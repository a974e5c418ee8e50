// A package registry on loopback: fixed answers by path, ranges where a test wants them, everything seen written down.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  /** Serves parts of the body; without it every request gets the whole. */
  readonly hasRanges?: boolean;
  /** Bytes after which the connection breaks. */
  readonly cutAt?: number;
  /** How often the connection breaks before it holds. */
  readonly cuts?: number;
}

export class StubRegistry {
  readonly seen: { readonly url: string; readonly headers: IncomingMessage["headers"] }[] = [];
  readonly origin: string;
  readonly #server: Server;
  readonly #answers = new Map<string, Answer>();
  readonly #cuts = new Map<string, number>();

  private constructor(server: Server, origin: string) {
    this.#server = server;
    this.origin = origin;
  }

  static async start(): Promise<StubRegistry> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const stub = new StubRegistry(server, `http://127.0.0.1:${port}`);
    server.on("request", (request, response) => stub.#handle(request, response));
    return stub;
  }

  answer(path: string, answer: Answer): void {
    this.#answers.set(path, answer);
    this.#cuts.delete(path);
  }

  answerJson(path: string, value: unknown): void {
    this.answer(path, { body: JSON.stringify(value), headers: { "content-type": "application/json" } });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? "/";
    this.seen.push({ url, headers: request.headers });
    const answer = this.#answers.get(url);
    if (answer === undefined) {
      response.writeHead(404).end("not here");
      return;
    }
    const whole = Buffer.from(answer.body);
    const asked = /^bytes=(\d+)-(\d+)$/u.exec(request.headers.range ?? "");
    const isRanged = asked !== null && answer.hasRanges === true;
    const start = isRanged ? Number(asked[1]) : 0;
    const body = isRanged ? whole.subarray(start, Number(asked[2]) + 1) : whole;
    const range = isRanged ? { "content-range": `bytes ${start}-${start + body.byteLength - 1}/${whole.byteLength}` } : {};
    const status = isRanged ? 206 : (answer.status ?? 200);
    response.writeHead(status, { ...answer.headers, ...range, "content-length": String(body.byteLength) });
    const cuts = this.#cuts.get(url) ?? answer.cuts ?? (answer.cutAt === undefined ? 0 : Number.POSITIVE_INFINITY);
    this.#cuts.set(url, cuts - 1);
    if (cuts > 0) response.write(body.subarray(0, answer.cutAt), () => response.socket?.destroy());
    else response.end(body);
  }
}
