// The policy in force: read from a file, again when the file changes, and kept when what is there now is none.
import { readFile } from "node:fs/promises";
import { AjarError } from "../../../core/errors.ts";
import type { Caller, Endpoint, PolicyVersion, Screen, ServedModel } from "../../contract.ts";
import { hazards } from "../hazards/hazard-rules.ts";
import { Judge, type JudgeContext } from "../judge/judge.ts";
import { PolicyScreen } from "../screen.ts";
import { checkPolicy, compilePlan, filtersFor, type Plan } from "./plan.ts";
import { type ReadPolicy, readPolicyFile, refusal } from "./read-policy.ts";

/** What is told of a policy file: to the log, to metrics, to whoever watches. */
export type PolicyNews =
  | { readonly kind: "loaded"; readonly policy: PolicyVersion; readonly before: PolicyVersion | null }
  /** The policy before stays in force. */
  | { readonly kind: "refused"; readonly policy: PolicyVersion; readonly problem: string };

export interface PolicySourceSettings {
  readonly path: string;
  readonly env: (name: string) => string | undefined;
  readonly fetch: typeof fetch;
  readonly onNews: (news: PolicyNews) => void;
}

/** Larger files are no policy. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Screens of models and keys that are kept; others are made again. */
const MAX_SCREENS = 512;

/** Policies in force: one at a time, another one at once when it is read. */
export class PolicySource {
  readonly #settings: PolicySourceSettings;
  #now: ScreenSet;
  /** What the file held when it was last read, so that the same problem is told once. */
  #content: string;

  private constructor(settings: PolicySourceSettings, content: string, now: ScreenSet) {
    this.#settings = settings;
    this.#content = content;
    this.#now = now;
  }

  /** Reads a policy and asks its judges to show that they judge. @throws AjarError BAD_CONFIG | NOT_FOUND naming file, line and what is wrong */
  static async open(settings: PolicySourceSettings): Promise<PolicySource> {
    const content = await contentOf(settings.path);
    const now = new ScreenSet(content, settings);
    await now.testJudges();
    settings.onNews({ kind: "loaded", policy: now.policy.version, before: null });
    return new PolicySource(settings, content, now);
  }

  get policy(): PolicyVersion {
    return this.#now.policy.version;
  }

  /** What is wrong with judges, by id; empty when all of them judge. */
  async brokenJudges(): Promise<readonly string[]> {
    return this.#now.testJudges();
  }

  /** The screen for a call. Calls that began keep the one they began with. */
  screenFor(model: ServedModel, caller: Caller, _endpoint?: Endpoint): Screen {
    return this.#now.screenFor(model.id, caller.keyId);
  }

  /** Reads the file again; called by whoever watches it, and at intervals. Never rejects. @returns whether another policy is in force */
  async reload(): Promise<boolean> {
    const { path, onNews } = this.#settings;
    let content: string | null = null;
    try {
      content = await contentOf(path);
      if (content === this.#content) return false;
      this.#content = content;
      const next = new ScreenSet(content, this.#settings);
      await next.testJudges();
      const before = this.policy;
      this.#now = next;
      onNews({ kind: "loaded", policy: next.policy.version, before });
      return true;
    } catch (error) {
      const problem = error instanceof AjarError ? error.message : "the policy could not be read";
      // A file that cannot be read is told of once as well.
      if (content === null && this.#content === UNREADABLE) return false;
      if (content === null) this.#content = UNREADABLE;
      onNews({ kind: "refused", policy: this.policy, problem });
      return false;
    }
  }
}

/** No content of a policy: it is not YAML. */
const UNREADABLE = "\u0000";

/** Screens of one policy, by model and key. */
class ScreenSet {
  readonly policy: ReadPolicy;
  readonly #settings: PolicySourceSettings;
  readonly #screens = new Map<string, PolicyScreen>();
  readonly #judges = new Map<string, Judge>();
  readonly #base: PolicyScreen;

  constructor(content: string, settings: PolicySourceSettings) {
    this.policy = readPolicyFile(content, settings.path);
    this.#settings = settings;
    checkPolicy(this.policy, settings.path);
    this.#base = this.#make("", "");
    // Whatever a model's or a key's part says is compiled now: a policy that cannot be is none.
    for (const model of Object.keys(this.policy.file.models)) this.#make(model, "");
    for (const key of Object.keys(this.policy.file.keys)) this.#make("", key);
  }

  screenFor(model: string, key: string): PolicyScreen {
    const { models, keys } = this.policy.file;
    const ownModel = Object.hasOwn(models, model) ? model : "";
    const ownKey = Object.hasOwn(keys, key) ? key : "";
    if (ownModel === "" && ownKey === "") return this.#base;
    const name = JSON.stringify([ownModel, ownKey]);
    const known = this.#screens.get(name);
    if (known !== undefined) return known;
    if (this.#screens.size >= MAX_SCREENS) this.#screens.clear();
    const made = this.#make(ownModel, ownKey);
    this.#screens.set(name, made);
    return made;
  }

  async testJudges(): Promise<readonly string[]> {
    const tested = await Promise.all([...this.#judges.values()].map(async (judge) => ({ judge, problem: await judge.selfTest() })));
    return tested.flatMap(({ judge, problem }) => (problem === null ? [] : [`${judge.settings.id}: ${problem}`]));
  }

  #make(model: string, key: string): PolicyScreen {
    const filters = filtersFor(this.policy, model, key);
    let plan: Plan;
    try {
      plan = compilePlan(this.policy, filters);
    } catch (cause) {
      if (cause instanceof AjarError) throw cause;
      throw refusal(this.#settings.path, 1, cause instanceof Error ? cause.message : "cannot be compiled");
    }
    return new PolicyScreen({
      policy: this.policy.version,
      file: this.policy.file,
      plan,
      judges: plan.judges.map((judge) => this.#judge(judge, plan)),
    });
  }

  #judge(settings: Plan["judges"][number], plan: Plan): Judge {
    const name = JSON.stringify([settings, actionsOf(plan)]);
    const known = this.#judges.get(name);
    if (known !== undefined) return known;
    const categories = new Map(hazards().map(({ code, id }) => [code, id]));
    const actionOf: JudgeContext["actionOf"] = (code, part) => {
      const category = categories.get(code);
      // What nobody can name is not waved through.
      return category === undefined ? { category: "unknown", action: "block" } : { category, action: plan.hazardAction(category, part) };
    };
    const made = new Judge(
      settings,
      { env: this.#settings.env, fetch: this.#settings.fetch, actionOf },
      this.policy.version.digest.slice(7, 19),
    );
    this.#judges.set(name, made);
    return made;
  }
}

/** Two judges that do the same about everything can be one. */
function actionsOf({ hazardAction }: Plan): readonly string[] {
  return hazards().flatMap(({ id }) => [hazardAction(id, "request"), hazardAction(id, "response")]);
}

async function contentOf(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new AjarError("NOT_FOUND", "the policy file cannot be read", {
      subject: path,
      hint: "Name a file with --policy; docs/gate-filters.md has the form of a policy.",
      cause,
    });
  }
  if (bytes.length > MAX_BYTES) throw refusal(path, 1, "is larger than 8 MiB");
  return bytes.toString("utf8");
}
