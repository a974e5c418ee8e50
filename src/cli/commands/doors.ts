import { EXIT, type ExitCode } from "../../core/errors.ts";
import { shutNow } from "../../gate/doors/turn.ts";
import { toJson } from "../../reports/json.ts";
import type { CommandContext } from "../command.ts";
import { askGate, withStore } from "../gate/doors.ts";
import { doorsTable, gateTable } from "../gate/doors-view.ts";
import { optionsFor } from "../render-as.ts";

/** `ajar doors`: what is shut, by whom and why, and which replicas hold to it. @throws AjarError DOOR_STORE_DOWN … */
export async function run(context: CommandContext): Promise<ExitCode> {
  const isJson = context.options.text("format") === "json";
  const options = optionsFor(context, true);
  if (context.options.has("gate")) {
    const state = await askGate(context, "/state");
    await context.stdout.write(isJson ? toJson(state) : gateTable(state, options));
    return EXIT.ok;
  }
  const listed = await withStore(context, async (store) => ({
    place: store.place,
    shut: await shutNow(store),
    replicas: await store.replicas(),
  }));
  await context.stdout.write(isJson ? toJson({ format: "ajar-doors/1", ...listed }) : doorsTable(listed, options));
  return EXIT.ok;
}
