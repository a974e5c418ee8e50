// What the commands about doors show.
import type { DoorAct } from "../../gate/doors/acts.ts";
import type { Replica } from "../../gate/doors/store.ts";
import { targetKey } from "../../gate/doors/target.ts";
import type { ReportOptions } from "../../reports/report-options.ts";
import { safeText } from "../../reports/safe-text.ts";
import { Sheet } from "../../reports/table/sheet.ts";

export interface ShutAnswer {
  readonly shut: string;
  /** Models that the gate serves and that were meant; null when nobody was asked who knows. */
  readonly models: readonly string[] | null;
  /** Null when only the gate that was asked holds to it so far. */
  readonly seq: number | null;
  readonly complete: boolean;
  readonly took_ms: number;
  readonly replicas: readonly { readonly name: string; readonly answer: string }[];
}

const LOOKS: Readonly<Record<string, readonly [string, "good" | "unsure"]>> = {
  confirmed: ["✓", "good"],
  applied: ["✓", "good"],
  "lease-expired": ["!", "unsure"],
};

export function shutTable({ shut, models, seq, complete, took_ms, replicas }: ShutAnswer, options: ReportOptions): string {
  const sheet = new Sheet(options);
  sheet.line(sheet.paint("strong", safeText(shut)));
  sheet.block(seq === null ? sheet.word("doors.only-here") : sheet.say("doors.shut", { seq, ms: took_ms }), 2);
  if (models === null) sheet.block(sheet.word("doors.unknown-models"), 4, "  ? ", "unsure");
  else if (models.length === 0) sheet.block(sheet.word("doors.no-model"), 4, "  ! ", "unsure");
  else sheet.block(sheet.say("doors.models", { models: models.join(", ") }), 2);
  for (const { name, answer } of replicas) {
    const [symbol, tone] = LOOKS[answer] ?? ["?", "unsure"];
    sheet.block(sheet.pair(safeText(name), sheet.word(`doors.answer.${answer}`)), 4, `  ${sheet.paint(tone, symbol)} `);
  }
  if (replicas.length === 0 && complete) sheet.block(sheet.word("doors.no-replica"), 4);
  if (!complete) sheet.block(sheet.word("doors.incomplete"), 4, "  ! ", "unsure");
  return sheet.toString();
}

interface Listed {
  readonly place: string;
  readonly shut: readonly DoorAct[];
  readonly replicas: readonly Replica[];
}

export function doorsTable({ place, shut, replicas }: Listed, options: ReportOptions): string {
  const sheet = new Sheet(options);
  sheet.line(sheet.paint("strong", safeText(place)));
  for (const { seq, target, reason, by, at } of shut) {
    const since = sheet.say("doors.since", { subject: targetKey(target), by, at, seq });
    sheet.block(since, 4, `  ${sheet.paint("bad", "✗")} `);
    sheet.block(safeText(reason), 6);
  }
  if (shut.length === 0) sheet.block(sheet.word("doors.all-open"), 2);
  for (const { name, applied, confirmed, leaseMs } of replicas) {
    sheet.block(sheet.say("doors.replica", { name, applied, confirmed, seconds: leaseMs / 1000 }), 2, "", "faint");
  }
  return sheet.toString();
}

/** The models of a running gate, as its admin route tells of them. */
export function gateTable(state: object, options: ReportOptions): string {
  const sheet = new Sheet(options);
  const { models }: { models?: unknown } = state as { models?: unknown };
  for (const model of Array.isArray(models) ? models : []) {
    const { id, door }: { id?: unknown; door?: { state?: unknown; code?: unknown; reason?: unknown; since?: unknown } } = Object(model);
    const isOpen = door?.state === "open";
    sheet.block(safeText(String(id)), 4, `  ${sheet.paint(isOpen ? "good" : "bad", isOpen ? "✓" : "✗")} `);
    if (!isOpen) sheet.block(safeText([door?.code, door?.since, door?.reason].map(String).join("  ")), 6);
  }
  return sheet.toString();
}
