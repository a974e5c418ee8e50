import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { isNameOf, targetKey } from "../../gate/doors/target.ts";
import { type Confirmation, openDoor, openingOf } from "../../gate/doors/turn.ts";
import { toJson } from "../../reports/json.ts";
import { text } from "../../reports/messages.ts";
import type { CommandContext } from "../command.ts";
import { askGate, type Turn, turnOf, withStore } from "../gate/doors.ts";

/** `ajar open MODEL|DIGEST|BASE --reason TEXT`: once without a confirmation to be told the word, then with it. @throws AjarError NOT_CONFIRMED … */
export async function run(context: CommandContext): Promise<ExitCode> {
  const turn = turnOf(context);
  const subject = targetKey(turn.target);
  const seq = context.options.has("gate") ? await openRemotely(context, turn) : await openHere(context, turn);
  if (context.options.text("format") === "json") await context.stdout.write(toJson({ format: "ajar-open/1", opened: subject, seq }));
  else await context.stdout.write(`${text({ id: "doors.opened", args: { subject, seq } }, context.language)}\n`);
  return EXIT.ok;
}

async function openHere(context: CommandContext, turn: Turn): Promise<number> {
  return await withStore(context, async (store) => {
    const confirmation = confirmationOf(context);
    if (confirmation !== null) return (await openDoor(store, turn, confirmation)).seq;
    const { shut, word } = await openingOf(store, turn.target);
    throw new AjarError("NOT_CONFIRMED", `shut by ${shut.by} at ${shut.at}: ${shut.reason}`, {
      subject: targetKey(turn.target),
      hint: `Run it again with --confirm ${word} to open it all the same.`,
    });
  });
}

function confirmationOf({ options }: CommandContext): Confirmation | null {
  const word = options.text("confirm");
  const name = options.text("yes");
  if (word !== undefined) return { word };
  return name === undefined ? null : { name };
}

/** A gate takes the exact name as the second confirmation. */
async function openRemotely(context: CommandContext, { reason, target }: Turn): Promise<number> {
  const name = context.options.text("yes");
  if (name === undefined || !isNameOf(name, target)) {
    throw new AjarError("NOT_CONFIRMED", "opening a door of a running gate wants its exact name again", {
      subject: "--yes",
      hint: `Look with ajar doors --gate URL why it is shut, then give --yes ${target.value}`,
    });
  }
  const subject = context.operands[0];
  const { seq }: { seq?: unknown } = await askGate(context, "/open", { subject, reason, confirm: subject });
  return Number(seq);
}
