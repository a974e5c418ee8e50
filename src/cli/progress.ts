import { safeText } from "../reports/safe-text.ts";
import { cut } from "../reports/width.ts";
import type { Writer } from "./command.ts";

/** A line no oftener than this on a terminal; more only flickers. */
const REDRAW_MS = 100;
/** A plain line this often where nobody watches, so that a log shows life. */
const PLAIN_MS = 10_000;

export interface Progress {
  readonly show: (message: string) => void;
  /** Clears the line. */
  readonly end: () => void;
}

const SILENT: Progress = { show: () => undefined, end: () => undefined };

/** Talk about long work on stderr: one line rewritten on a terminal, a line every ten seconds elsewhere. */
export function startProgress(stderr: Writer, wanted: boolean, now: () => number = Date.now): Progress {
  if (!wanted) return SILENT;
  return stderr.isTTY ? liveProgress(stderr, now) : plainProgress(stderr);
}

function liveProgress(stderr: Writer, now: () => number): Progress {
  let drawnAt = 0;
  let drawn = false;
  return {
    show(message): void {
      if (now() - drawnAt < REDRAW_MS) return;
      drawnAt = now();
      drawn = true;
      void stderr.write(`\r\u001b[K${cut(safeText(message), Math.max(20, stderr.columns - 1))}`);
    },
    end(): void {
      if (drawn) void stderr.write("\r\u001b[K");
      drawn = false;
    },
  };
}

function plainProgress(stderr: Writer): Progress {
  let latest = "";
  const timer = setInterval(() => {
    if (latest !== "") void stderr.write(`ajar: ${safeText(latest)}\n`);
  }, PLAIN_MS);
  timer.unref();
  return {
    show(message): void {
      latest = message;
    },
    end: () => clearInterval(timer),
  };
}
