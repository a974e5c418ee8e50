// What the commands about doors share: where the doors are, who turns them, and a gate that is asked over HTTP.
import { hostname, userInfo } from "node:os";
import { AjarError } from "../../core/errors.ts";
import { openDoorStore } from "../../gate/doors/open-store.ts";
import type { DoorStore } from "../../gate/doors/store.ts";
import { type Confidence, type Target, targetOf } from "../../gate/doors/target.ts";
import { HttpClient } from "../../http/client.ts";
import type { CommandContext } from "../command.ts";

/** Works on the doors themselves, in their folder or database. */
export async function withStore<T>({ options, env }: CommandContext, work: (store: DoorStore) => Promise<T>): Promise<T> {
  const store = await openDoorStore({ env, folder: options.text("doors") });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

export interface Turn {
  readonly target: Target;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

/** What a command line says about a turn. @throws AjarError BAD_OPTION */
export function turnOf(context: CommandContext): Turn {
  const { operands, options, now } = context;
  const reason = options.text("reason")?.trim() ?? "";
  if (reason === "")
    throw new AjarError("BAD_OPTION", "a reason is wanted", { subject: "--reason", hint: "It is shown to clients and kept." });
  const least = options.text("min-confidence") as Confidence | undefined;
  return { target: targetOf(operands[0] ?? "", least), reason, by: options.text("by") ?? whoAmI(), at: now().toISOString() };
}

function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return hostname();
  }
}

/** Longer than any lease. */
const GATE_TIMEOUT_MS = 90_000;
const MAX_ANSWER_BYTES = 8 * 1024 ** 2;
const ANSWERS = [200, 400, 401, 403, 404, 409, 503];

/** Asks a running gate under /admin/. @throws AjarError BAD_OPTION | UNREACHABLE | UNAUTHORIZED | BAD_RESPONSE, and what the gate refuses with */
export async function askGate(context: CommandContext, path: string, body?: object): Promise<object> {
  const { options, env, signal } = context;
  const gate = URL.parse(options.text("gate") ?? "");
  if (gate === null || !/^https?:$/u.test(gate.protocol)) {
    throw new AjarError("BAD_OPTION", "is not the address of a gate", { subject: "--gate", hint: "Write it as http://127.0.0.1:8484." });
  }
  const key = env["AJAR_GATE_KEY"] ?? "";
  const client = new HttpClient({
    offline: false,
    env,
    signal,
    timeoutMs: GATE_TIMEOUT_MS,
    maxBytes: MAX_ANSWER_BYTES,
    ...(key === "" ? {} : { credential: { origin: gate.origin, authorization: `Bearer ${key}`, secrets: [key] } }),
  });
  try {
    const sent = body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)), headers: { "content-type": "application/json" } };
    const url = new URL(`/admin${path}`, gate);
    const { json, status } = await client.fetchJson({ url, ...sent, accept: ANSWERS, subject: gate.origin }, MAX_ANSWER_BYTES);
    if (status !== 200) throw refusal(status, Object(json), gate.origin);
    return Object(json);
  } finally {
    await client.close();
  }
}

function refusal(
  status: number,
  { error }: { readonly error?: { readonly code?: unknown; readonly message?: unknown } },
  gate: string,
): AjarError {
  if (status === 401 || status === 403) {
    return new AjarError("UNAUTHORIZED", "the gate wants the key of an operator", {
      subject: gate,
      hint: "Put a key with the scope admin into AJAR_GATE_KEY.",
    });
  }
  const said = typeof error?.message === "string" ? error.message : String(status);
  return new AjarError("BAD_RESPONSE", `the gate refuses: ${said}`, { subject: gate, hint: "Compare with ajar doors." });
}
