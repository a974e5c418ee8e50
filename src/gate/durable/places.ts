import { homedir } from "node:os";
import { join } from "node:path";

/** Where a gate keeps what has to survive it, unless told otherwise (XDG base directory specification: state of the user). */
export function gateFolder(env: Readonly<Record<string, string | undefined>>, part: "log" | "doors" | "recalls" | "keys"): string {
  const state = env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state");
  return join(state, "ajar", "gate", part);
}
