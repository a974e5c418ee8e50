import { EXIT, type ExitCode } from "../../core/errors.ts";
import { targetKey } from "../../gate/doors/target.ts";
import { shutDoor } from "../../gate/doors/turn.ts";
import { toJson } from "../../reports/json.ts";
import type { CommandContext } from "../command.ts";
import { askGate, turnOf, withStore } from "../gate/doors.ts";
import { type ShutAnswer, shutTable } from "../gate/doors-view.ts";
import { optionsFor } from "../render-as.ts";

/** `ajar shut MODEL|DIGEST|BASE --reason TEXT`: returns when no replica lets anything out any more. 0 also when no model is meant by it now. 3: not all could be asked. @throws AjarError */
export async function run(context: CommandContext): Promise<ExitCode> {
  const turn = turnOf(context);
  const answer: ShutAnswer = context.options.has("gate")
    ? gateAnswer(await askGate(context, "/shut", { subject: context.operands[0], reason: turn.reason }))
    : await withStore(context, async (store) => {
        const { act, replicas, complete, tookMs } = await shutDoor(store, turn, { signal: context.signal });
        return { shut: targetKey(turn.target), models: null, seq: act.seq, complete, took_ms: Math.round(tookMs), replicas };
      });
  const isJson = context.options.text("format") === "json";
  await context.stdout.write(isJson ? toJson({ format: "ajar-shut/1", ...answer }) : shutTable(answer, optionsFor(context, true)));
  return answer.complete ? EXIT.ok : EXIT.incomplete;
}

/** A gate that does not tell which models it meant leaves that unknown. */
function gateAnswer(answer: object): ShutAnswer {
  const { models }: { models?: unknown } = answer;
  const isTold = Array.isArray(models) && models.every((id) => typeof id === "string");
  return { ...(answer as ShutAnswer), models: isTold ? models : null };
}
