import { type Digests, digest } from "../../audit/identity.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { ReleaseIdentity } from "../../core/identity.ts";
import { basesOf } from "../../gate/admission/describe.ts";
import type { ServedModel } from "../../gate/contract.ts";
import { readAdvisory } from "../../gate/doors/recalls/advisory.ts";
import { RecallBook } from "../../gate/doors/recalls/book.ts";
import { signFeed } from "../../gate/doors/recalls/feed.ts";
import { readJson } from "../../gate/doors/recalls/read-json.ts";
import { readKeyFile } from "../../gate/durable/keys.ts";
import { toJson } from "../../reports/json.ts";
import { safeJson } from "../../reports/safe-text.ts";
import type { CommandContext } from "../command.ts";
import { advisoryFor } from "../gate/recall-new.ts";
import { feedFetcher, trustOf } from "../gate/recall-trust.ts";
import { checkTable, feedsTable } from "../gate/recall-view.ts";
import { type InputRules, readInput } from "../input.ts";
import { startProgress } from "../progress.ts";
import { optionsFor } from "../render-as.ts";
import { sourceContext } from "../requests.ts";
import { savedReports } from "../saved.ts";

type Action = (words: readonly string[], context: CommandContext) => Promise<ExitCode>;

const ACTIONS: Readonly<Record<string, Action>> = { new: make, sign, check, show };
const DAY_MS = 24 * 3_600_000;
const DEFAULT_DAYS = 30;
const ADVISORY: InputRules = {
  limitBytes: 16 * 1024 ** 2,
  hints: { folder: "Name the file itself.", large: "This is no advisory.", missing: "ajar recall new makes one." },
};

/** `ajar recall ACTION …`: advisories on releases, and the feeds that carry them. @throws AjarError BAD_OPTION | BAD_ADVISORY | BAD_FEED | BAD_KEY … */
export async function run(context: CommandContext): Promise<ExitCode> {
  const [name = "", ...words] = context.operands;
  const action = ACTIONS[name];
  if (action === undefined) throw new AjarError("BUG", `no action ${name}`);
  return await action(words, context);
}

async function make([target, ...more]: readonly string[], context: CommandContext): Promise<ExitCode> {
  if (target === undefined || more.length > 0) throw wanted("TARGET", "Name one release, as ajar digest takes it.");
  const identity = await identityOf(target, context, context.options.flag("tensors") === true);
  const document = advisoryFor(identity, context);
  // What Ajar would refuse it does not write.
  readAdvisory(document, target);
  await context.stdout.write(safeJson(`${JSON.stringify(document, null, 2)}\n`));
  return identity.complete ? EXIT.ok : EXIT.incomplete;
}

async function sign(files: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { options, now, stdout } = context;
  const feed = options.text("name");
  const sequence = options.number("sequence");
  if (feed === undefined) throw wanted("--name", "A feed keeps its name, for example acme.");
  if (sequence === undefined) throw wanted("--sequence", "Each feed has a higher number than the one before.");
  const keys = options.list("sign-key").map(readKeyFile);
  if (keys.length === 0) throw wanted("--sign-key", "Make one with: openssl genpkey -algorithm ed25519 -out key.pem");
  const advisories = await Promise.all(
    files.map(async (file) => readJson(Buffer.from(await readInput(file, context, ADVISORY)), "BAD_ADVISORY", file)),
  );
  const published = now().toISOString();
  const expires = new Date(now().getTime() + (options.number("days") ?? DEFAULT_DAYS) * DAY_MS).toISOString();
  await stdout.write(safeJson(signFeed({ feed, sequence, published, expires, advisories }, keys)));
  for (const { publicKey } of keys) await context.stderr.write(`${publicKey}\n`);
  return EXIT.ok;
}

/** 1: recalled. 3: a feed could not be had or has run out, so that the answer is not whole. */
async function check([target, ...more]: readonly string[], context: CommandContext): Promise<ExitCode> {
  if (target === undefined || more.length > 0)
    throw wanted("TARGET", "Name one release, or a report that ajar audit --digests full wrote.");
  const book = await bookOf(context);
  try {
    const model = await modelOf(target, context);
    const recalls = book.recalls(model);
    const feeds = book.feeds();
    const isJson = context.options.text("format") === "json";
    const result = {
      target,
      recalls: recalls.map(({ advisory, ...rest }) => ({ id: advisory.id, summary: advisory.summary, reason: advisory.reason, ...rest })),
      feeds,
    };
    await context.stdout.write(
      isJson ? toJson({ format: "ajar-recall-check/1", ...result }) : checkTable(result, optionsFor(context, true)),
    );
    if (recalls.some(({ decision }) => decision === "block")) return EXIT.policy;
    return feeds.some(({ problem, isStale }) => problem !== null || isStale) ? EXIT.incomplete : EXIT.ok;
  } finally {
    book.close();
  }
}

async function show(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  if (words.length > 0) throw wanted("--feed", "Name a file, a folder or an HTTPS address.");
  const book = await bookOf(context);
  try {
    const feeds = book.feeds();
    const advisories = book.snapshots.flatMap(({ feed, documents }) =>
      documents.map(({ id, summary, reason, action, effective, withdrawn, supersededBy }) => ({
        feed,
        id,
        summary,
        reason,
        action,
        effective,
        withdrawn,
        supersededBy,
      })),
    );
    const isJson = context.options.text("format") === "json";
    await context.stdout.write(
      isJson ? toJson({ format: "ajar-recall-feeds/1", feeds, advisories }) : feedsTable({ feeds, advisories }, optionsFor(context, true)),
    );
    return feeds.some(({ problem, isStale }) => problem !== null || isStale) ? EXIT.incomplete : EXIT.ok;
  } finally {
    book.close();
  }
}

async function bookOf(context: CommandContext): Promise<RecallBook> {
  const book = new RecallBook({
    feeds: trustOf(context),
    fetch: feedFetcher(context),
    folder: null,
    now: context.now,
    random: () => 0,
  });
  await book.refresh();
  const refused = book.feeds().find(({ feed }) => feed === null);
  if (refused !== undefined)
    throw new AjarError("BAD_FEED", refused.problem ?? "it says nothing", { subject: refused.from, hint: "ajar explain BAD_FEED" });
  return book;
}

async function identityOf(target: string, context: CommandContext, list: boolean): Promise<ReleaseIdentity> {
  const quiet = context.options.flag("progress") === false || (context.env["CI"] ?? "") !== "";
  const progress = startProgress(context.stderr, !quiet);
  try {
    const { targets }: Digests = await digest({
      references: [target],
      compare: false,
      tensors: true,
      list,
      stated: false,
      context: sourceContext(context, progress.show),
    });
    const [first] = targets;
    if (first === undefined) throw new AjarError("NOTHING_AUDITABLE", "there is nothing here that has a digest", { subject: target });
    return first.identity;
  } finally {
    progress.end();
  }
}

/** A report knows what a release derives from; the release itself knows its tensors. */
async function modelOf(target: string, context: CommandContext): Promise<ServedModel> {
  if (!target.endsWith(".json") && target !== "-") return described(await identityOf(target, context, true), []);
  const [report] = await savedReports(target, context);
  const [identity] = report.identity ?? [];
  if (identity !== undefined) return described(identity, basesOf(report));
  throw new AjarError("BAD_REPORT", "the report holds no digests", {
    subject: target,
    hint: "Make it with ajar audit --digests full -f json.",
  });
}

function described(identity: ReleaseIdentity, bases: ServedModel["bases"]): ServedModel {
  const hex = (sha256: string | null): readonly string[] => (sha256 === null ? [] : [`sha256:${sha256}`]);
  const tensors = identity.sets.flatMap(({ list = [] }) => list.map(({ sha256 }) => `sha256:${sha256}`));
  return {
    id: identity.ref,
    ref: identity.ref,
    basis: "verified",
    fileDigests: [...new Set(identity.files.flatMap(({ sha256 }) => hex(sha256)))].sort(),
    weightsDigest: hex(identity.weights?.sha256 ?? null)[0] ?? null,
    tensorDigests: [...new Set(tensors)].sort(),
    releaseDigest: hex(identity.root.sha256)[0] ?? null,
    bases,
    license: null,
    headline: null,
  };
}

function wanted(subject: string, hint: string): AjarError {
  return new AjarError("BAD_OPTION", "is missing", { subject, hint });
}
