// Load in a closed loop: so many connections, each asking again as soon as it was answered. Every answer is looked at.
import { type Dispatcher, Pool } from "undici";

export interface LoadRequest {
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: boolean;
  readonly connections: number;
  readonly ms: number;
}

export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** To the first byte of the body. */
  readonly first50: number;
  readonly answers: number;
  readonly errors: number;
}

/** Runs the load and gives what came back. Answers that are not whole, or are somebody else's, are errors. */
export async function load(request: LoadRequest): Promise<LoadResult> {
  const pool = new Pool(new URL(request.url).origin, { connections: request.connections, headersTimeout: 20_000, bodyTimeout: 20_000 });
  const tally = new Tally();
  const end = performance.now() + request.ms;
  const started = performance.now();
  await Promise.all(Array.from({ length: request.connections }, (_, index) => client(pool, request, tally, index, end)));
  const seconds = (performance.now() - started) / 1000;
  await pool.close();
  return tally.result(seconds);
}

class Tally {
  readonly #times: number[] = [];
  readonly #firsts: number[] = [];
  #errors = 0;

  add(ms: number, first: number): void {
    this.#times.push(ms);
    this.#firsts.push(first);
  }

  fail(): void {
    this.#errors += 1;
  }

  result(seconds: number): LoadResult {
    const times = Float64Array.from(this.#times).sort();
    const firsts = Float64Array.from(this.#firsts).sort();
    const at = (sorted: Float64Array, part: number): number => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
    return {
      perSecond: times.length / seconds,
      p50: at(times, 0.5),
      p99: at(times, 0.99),
      first50: at(firsts, 0.5),
      answers: times.length,
      errors: this.#errors,
    };
  }
}

async function client(pool: Pool, request: LoadRequest, tally: Tally, index: number, end: number): Promise<void> {
  for (let count = 0; performance.now() < end; count += 1) await ask(pool, request, tally, `c${index}n${count}x`);
}

function ask(pool: Pool, { path, headers, stream }: LoadRequest, tally: Tally, user: string): Promise<void> {
  const extra = stream ? ',"stream":true' : "";
  const body = `{"model":"tern","messages":[{"role":"user","content":"${user} Which bird flies the furthest each year?"}]${extra}}`;
  return new Promise((resolve) => {
    pool.dispatch({ path, method: "POST", headers, body }, new Reader(user, stream, tally, resolve));
  });
}

class Reader implements Dispatcher.DispatchHandler {
  readonly #user: string;
  readonly #stream: boolean;
  readonly #tally: Tally;
  readonly #resolve: () => void;
  readonly #began = performance.now();
  #first = 0;
  #status = 0;
  #text = "";

  constructor(user: string, stream: boolean, tally: Tally, resolve: () => void) {
    this.#user = user;
    this.#stream = stream;
    this.#tally = tally;
    this.#resolve = resolve;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#first === 0) this.#first = performance.now();
    this.#text += chunk.toString("latin1");
  }

  onResponseEnd(): void {
    const now = performance.now();
    const text = this.#text.trimEnd();
    const whole = this.#stream ? text.endsWith("[DONE]") : text.endsWith("}");
    if (this.#status === 200 && whole && text.includes(this.#user)) this.#tally.add(now - this.#began, this.#first - this.#began);
    else this.#tally.fail();
    this.#resolve();
  }

  onResponseError(): void {
    this.#tally.fail();
    this.#resolve();
  }
}
