// What `ajar key list` shows.
import type { KeyRecord } from "../../gate/server/keys/key.ts";
import type { ReportOptions } from "../../reports/report-options.ts";
import { safeText } from "../../reports/safe-text.ts";
import { Sheet } from "../../reports/table/sheet.ts";

export function keyTable(keys: readonly KeyRecord[], now: Date, options: ReportOptions): string {
  const sheet = new Sheet(options);
  if (keys.length === 0) sheet.line(sheet.word("keys.none"));
  for (const key of keys) {
    sheet.line(`${sheet.paint("strong", key.id)}  ${safeText(key.name)}`);
    sheet.block(stateOf(sheet, key, now), 4);
    sheet.block(safeText(key.scopes.join(", ")), 4, "", "faint");
    const { requestsPerMinute: requests, tokensPerMinute: tokens } = key;
    if (requests !== null) sheet.block(sheet.say("keys.requests", { count: requests }), 4, "", "faint");
    if (tokens !== null) sheet.block(sheet.say("keys.tokens", { count: tokens }), 4, "", "faint");
  }
  return sheet.toString();
}

function stateOf(sheet: Sheet, { created, expires, revoked }: KeyRecord, now: Date): string {
  if (revoked !== null) return sheet.say("keys.state.revoked", { day: day(revoked) });
  if (expires === null) return sheet.say("keys.state.lasting", { day: day(created) });
  const id = Date.parse(expires) <= now.getTime() ? "keys.state.expired" : "keys.state.expires";
  return sheet.say(id, { day: day(expires) });
}

function day(moment: string): string {
  return moment.slice(0, 10);
}
