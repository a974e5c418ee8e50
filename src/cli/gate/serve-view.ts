// What a gate says when it starts: where it is, what it serves, who may ask, and what is looked at.
import type { ContentRule, ModelEntry } from "../../gate/contract.ts";
import type { Screens } from "../../gate/serve/start.ts";
import type { Language } from "../../reports/language.ts";
import { text } from "../../reports/messages.ts";
import { safeText } from "../../reports/safe-text.ts";
import { speaker } from "../failure.ts";

interface Introduction {
  readonly url: string;
  readonly models: readonly ModelEntry[];
  readonly policy: ReturnType<Screens["policy"]>;
  /** Judges that do not judge, and so block. */
  readonly broken: readonly string[];
  /** Texts that the log keeps, null for none. */
  readonly content: ContentRule | null;
  /** Recall feeds, a line each. */
  readonly feeds: readonly string[];
  readonly hasKeys: boolean;
}

/** What is said when the policy's file changes and is no policy: a line. `inForce`: id of the policy that stays. */
export async function refusedPolicy(problem: string, inForce: string, language: Language): Promise<string> {
  const say = await speaker(language);
  const args = { policy: safeText(inForce), problem: safeText(say(problem)) };
  return `${text({ id: "serve.policy-refused", args }, language)}\n`;
}

export function introduce({ url, models, policy, broken, content, feeds, hasKeys }: Introduction, language: Language): string {
  const say = (id: string, args: Record<string, string | number> = {}): string => text({ id, args }, language);
  const unknown = say("serve.unknown");
  const lines = models.flatMap(({ model, engine }) => [
    `  ${safeText(model.id)}  ${safeText(model.ref)}`,
    `    ${say(`serve.basis.${model.basis}`)}: ${model.weightsDigest ?? model.fileDigests[0] ?? unknown}`,
    `    ${say("serve.model", {
      terms: model.license ?? unknown,
      word: model.headline ?? unknown,
      engine: engine.kind,
    })}`,
  ]);
  const filters =
    policy.filters.length === 0 ? say("serve.no-filters") : say("serve.filters", { policy: policy.id, filters: policy.filters.join(", ") });
  const kept = content === null ? [] : [say(`serve.content.${content.keep.join("-")}`)];
  return `${[say("serve.listening", { url }), ...lines, filters, ...broken.map((problem) => say("serve.broken-judge", { problem: safeText(problem) })), ...feeds, ...kept, say(hasKeys ? "serve.keys" : "serve.no-keys")].join("\n")}\n`;
}
