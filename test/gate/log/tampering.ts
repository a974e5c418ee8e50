// Everything that a hand can do to a log, each at a place that a number picks. For tests and for bench/log.ts.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonical } from "../../../src/gate/durable/canonical.ts";
import { newKeyPem, signingKey } from "../../../src/gate/durable/keys.ts";
import { checkpointText, readCheckpoint, signCheckpoint } from "../../../src/gate/log/checkpoint.ts";
import { genesis, identityText, readIdentity } from "../../../src/gate/log/identity.ts";

interface Place {
  readonly file: string;
  /** From 1; null where a whole file is concerned. */
  readonly line: number | null;
}

/** Changes the log in `folder`; `pick` gives a whole number below its argument. Tells where a verifier has to point. */
type Tampering = (folder: string, pick: (below: number) => number) => Place;

export function segmentsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^\d{16}\.jsonl$/u.test(name))
    .sort();
}

function rewrite(folder: string, file: string, change: (lines: string[]) => readonly string[]): void {
  const path = join(folder, file);
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  writeFileSync(
    path,
    change(lines)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

/** A segment and a line in it, neither the last of the log: at its end there is only truncation. */
function place(folder: string, pick: (below: number) => number): { readonly file: string; readonly at: number } {
  const names = segmentsIn(folder);
  const file = names[pick(names.length)] ?? "";
  const count = readFileSync(join(folder, file), "utf8").split("\n").length - 1;
  return { file, at: pick(Math.max(1, count - 1)) };
}

function onLine(change: (lines: string[], at: number) => readonly string[], found = 1): Tampering {
  return (folder, pick) => {
    const { file, at } = place(folder, pick);
    rewrite(folder, file, (lines) => change(lines, at));
    return { file, line: at + found };
  };
}

/** The entry with another content and a hash that fits. */
function rehashed(line: string): string {
  const { hash: _, ...rest } = JSON.parse(line);
  rest.entry.at = "2020-01-01T00:00:00.000Z";
  const body = canonical(rest);
  return `{"hash":"${createHash("sha256").update(body).digest("hex")}",${body.slice(1)}`;
}

export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  "field altered": onLine((lines, at) => lines.with(at, (lines[at] ?? "").replace('"at":"2', '"at":"3'))),
  "hash altered": onLine((lines, at) =>
    lines.with(
      at,
      (lines[at] ?? "").replace(/"hash":"(.)/u, (_, first) => `"hash":"${first === "0" ? "1" : "0"}`),
    ),
  ),
  "entry replaced, hash fitting": onLine((lines, at) => lines.with(at, rehashed(lines[at] ?? "")), 2),
  removed: onLine((lines, at) => lines.toSpliced(at, 1)),
  reordered: onLine((lines, at) => lines.with(at, lines[at + 1] ?? "").with(at + 1, lines[at] ?? ""), 2),
  duplicated: onLine((lines, at) => lines.toSpliced(at, 0, lines[at] ?? ""), 2),
  inserted: onLine((lines, at) => lines.toSpliced(at + 1, 0, rehashed(lines[at] ?? "")), 2),
  "line garbled": onLine((lines, at) => lines.with(at, (lines[at] ?? "").slice(20))),
  "tail truncated": (folder, pick) => {
    const file = segmentsIn(folder).at(-1) ?? "";
    rewrite(folder, file, (lines) => lines.slice(0, pick(lines.length)));
    return { file: "checkpoints.jsonl", line: null };
  },
  "tail truncated with its checkpoints": (folder, pick) => {
    const file = segmentsIn(folder).at(-1) ?? "";
    rewrite(folder, file, (lines) => lines.slice(0, pick(lines.length)));
    rewrite(folder, "checkpoints.jsonl", (lines) => lines.slice(0, -1));
    return { file: "head.json", line: null };
  },
  "segment removed": (folder, pick) => {
    const names = segmentsIn(folder);
    const at = pick(names.length - 1);
    rmSync(join(folder, names[at] ?? ""));
    return { file: names[at + 1] ?? "", line: 1 };
  },
  "segments swapped": (folder, pick) => {
    const names = segmentsIn(folder);
    const at = pick(names.length - 1);
    const [one, other] = [join(folder, names[at] ?? ""), join(folder, names[at + 1] ?? "")];
    renameSync(one, `${one}.x`);
    renameSync(other, one);
    renameSync(`${one}.x`, other);
    return { file: names[at] ?? "", line: 1 };
  },
  "segment hidden under another name": (folder, pick) => {
    const names = segmentsIn(folder);
    const file = names[pick(names.length)] ?? "";
    renameSync(join(folder, file), join(folder, `${file.slice(0, 16)}-old.jsonl`));
    return { file: `${file.slice(0, 16)}-old.jsonl`, line: null };
  },
  "checkpoint changed": (folder, pick) => {
    let line = 1;
    rewrite(folder, "checkpoints.jsonl", (lines) => {
      line = pick(lines.length) + 1;
      return lines.with(
        line - 1,
        (lines[line - 1] ?? "").replace(/"seq":\d/u, (found) => (found.endsWith("1") ? '"seq":2' : '"seq":1')),
      );
    });
    return { file: "checkpoints.jsonl", line };
  },
  "checkpoint signed with another key": (folder, pick) => {
    let line = 1;
    rewrite(folder, "checkpoints.jsonl", (lines) => {
      line = pick(lines.length) + 1;
      const old = readCheckpoint(lines[line - 1] ?? "");
      if (old === null) throw new Error("no checkpoint");
      const forged = signCheckpoint(old.log, old.at, { seq: old.seq, hash: old.head }, null, signingKey(newKeyPem(), "forger"));
      return lines.with(line - 1, checkpointText({ ...forged, prev: old.prev, key: old.key }).trimEnd());
    });
    return { file: "checkpoints.jsonl", line };
  },
  "checkpoint removed": (folder, pick) => {
    let line = 1;
    rewrite(folder, "checkpoints.jsonl", (lines) => {
      line = pick(lines.length - 1) + 1;
      return lines.toSpliced(line - 1, 1);
    });
    return { file: "checkpoints.jsonl", line };
  },
  "written anew from one entry on": (folder, pick) => {
    const names = segmentsIn(folder);
    const first = pick(names.length);
    const start = pick(3);
    let prev: string | null = null;
    for (const [number, name] of names.slice(first).entries()) {
      rewrite(folder, name, (lines) => lines.map((line, at) => (number === 0 && at < start ? line : chained(line))));
    }
    function chained(line: string): string {
      const { hash: _, ...rest } = JSON.parse(rehashed(line));
      const body = canonical({ ...rest, prev: prev ?? rest.prev });
      prev = createHash("sha256").update(body).digest("hex");
      return `{"hash":"${prev}",${body.slice(1)}`;
    }
    return { file: "checkpoints.jsonl", line: null };
  },
};

/** The whole log again, with content and key of the forger's own: in itself without a flaw. */
export function forgeWhole(folder: string): void {
  const key = signingKey(newKeyPem(), "forger");
  const old = readIdentity(readFileSync(join(folder, "log.json"), "utf8"));
  if (old === null) throw new Error("no log");
  const identity = { ...old, key: key.publicKey };
  writeFileSync(join(folder, "log.json"), identityText(identity));
  let link = genesis(identity);
  for (const name of segmentsIn(folder)) {
    rewrite(folder, name, (lines) =>
      lines.map((line) => {
        const { hash: _, ...rest } = JSON.parse(line);
        if (rest.seq === 2) rest.entry.at = "2020-01-01T00:00:00.000Z";
        const body = canonical({ ...rest, prev: link.hash });
        link = { seq: rest.seq, hash: createHash("sha256").update(body).digest("hex") };
        return `{"hash":"${link.hash}",${body.slice(1)}`;
      }),
    );
  }
  const text = checkpointText(signCheckpoint(identity.id, "2026-01-01T00:00:00.000Z", link, null, key));
  writeFileSync(join(folder, "checkpoints.jsonl"), text);
  writeFileSync(join(folder, "head.json"), text);
}
