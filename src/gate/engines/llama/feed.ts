// Runs of a request one after the other, as events for whoever writes the reply.
import type { TokenChance } from "./chances.ts";
import type { End, Piece, Run } from "./run.ts";

export type RunEvent =
  | { readonly kind: "begin"; readonly choice: number }
  | { readonly kind: "piece"; readonly choice: number; readonly piece: Piece }
  | { readonly kind: "end"; readonly choice: number; readonly end: End };

/**
 * What waits is bounded by the context's length, since a generation is. Leaving the loop early stops the generation.
 * @throws the signal's reason, or what the engine failed with
 */
export async function* feed(runs: readonly Run[], signal: AbortSignal): AsyncGenerator<RunEvent, void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let running: Promise<unknown> = Promise.resolve();
  try {
    for (const [choice, run] of runs.entries()) {
      yield { kind: "begin", choice };
      const waiting: Piece[] = [];
      let wake = (): void => undefined;
      let end: End | undefined;
      let failure: { readonly cause: unknown } | undefined;
      running = run(either, (piece) => {
        waiting.push(piece);
        wake();
      })
        .then((value) => {
          end = value;
        })
        .catch((cause: unknown) => {
          failure = { cause };
        })
        .finally(() => wake());
      for (;;) {
        for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) yield { kind: "piece", choice, piece };
        if (failure !== undefined) throw failure.cause;
        if (end !== undefined) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (waiting.length > 0 || end !== undefined || failure !== undefined) resolve();
        });
      }
      yield { kind: "end", choice, end };
    }
  } finally {
    stop.abort(new Error("the reply is no longer wanted"));
    await running;
  }
}

/** One whole answer. */
export interface Answer {
  readonly text: string;
  readonly thought: string;
  readonly chances: readonly TokenChance[];
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  readonly end: End;
}

export async function collect(runs: readonly Run[], signal: AbortSignal): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let pieces: Piece[] = [];
  for await (const event of feed(runs, signal)) {
    if (event.kind === "piece") pieces.push(event.piece);
    if (event.kind !== "end") continue;
    answers.push({
      text: joined(pieces, "text"),
      thought: joined(pieces, "thought"),
      chances: pieces.flatMap((piece) => (piece.kind === "text" ? piece.chances : [])),
      calls: pieces.filter((piece) => piece.kind === "call"),
      end: event.end,
    });
    pieces = [];
  }
  return answers;
}

function joined(pieces: readonly Piece[], kind: "text" | "thought"): string {
  return pieces.map((piece) => (piece.kind === kind ? piece.text : "")).join("");
}
