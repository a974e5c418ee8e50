// What a license statement in prose covers: by its words, its row, the headings above it, and the document it stands in.
import type { LicenseScope } from "../../core/component.ts";
import type { DetectorContext } from "../detector.ts";
import { aboutOf, isBare } from "./license-about.ts";
import type { Mention } from "./license-mentions.ts";
import { licenseRules } from "./license-rules.ts";
import { isModelLicense, scopesIn, scopesOfName } from "./license-scope.ts";
import type { Passage } from "./passages.ts";
import { ownNames } from "./publisher.ts";
import { namesRelease } from "./release-names.ts";

/** What a statement covers, how much of that it says itself, and which model it is about. */
export interface Extent {
  readonly covers: readonly LicenseScope[];
  readonly said: readonly LicenseScope[];
  readonly whole: boolean;
  readonly about: string;
}

/** "This repository", "this project": everything in it, unless code, weights or data are named beside it. */
export const WHOLE =
  /\bthis\s+(?:repo(?:sitory)?|project|work|release|distribution)\b|\bthe\s+(?:entire|whole)\s+(?:repo(?:sitory)?|project)\b|[本该該此](?:仓库|倉庫|项目|項目|專案)/iu;
export const PARTS =
  /\bcodes?\b|\bsource\b|\bweights?\b|\bcheckpoints?\b|\bdata(?:sets?)?\b|代码|代碼|源码|源碼|程式碼|权重|權重|数据|數據|資料/iu;

export function extentOf(context: DetectorContext, passage: Passage, mention: Mention, words: string): Extent {
  const { covers, said } = scopesOf(context, passage, mention, words);
  const own = ownNames(context);
  const about = aboutOfPassage(context, passage, words);
  const isWhole = WHOLE.test(words) && !PARTS.test(words);
  if (isWhole) return { covers: covers.length > 0 ? covers : ["code"], said: [], whole: true, about };
  return { covers, said, whole: covers.length === 0 && about === "" && isBare(words, own), about };
}

/** What the words before a name are about, or the first cell of its row, or the headings above it. */
function aboutOfPassage(context: DetectorContext, passage: Passage, words: string): string {
  const own = ownNames(context);
  if (passage.kind === "row") {
    const first = passage.text.split(" | ")[0] ?? "";
    const isField = scopesIn(first).length > 0 || /licen[sc]e|许可|許可|协议|協議|授权|授權/iu.test(first) || isBare(first, own);
    return isField ? "" : aboutOf(first, own) || first.toLowerCase();
  }
  const title = context.document(passage.artifact)?.blocks.find(({ kind }) => kind === "heading");
  const under = passage.under.filter((heading) => title === undefined || !("text" in title) || heading !== title.text);
  const above = aboutOf(under.join(" "), own)
    .split(" ")
    .filter((word) => /\d/u.test(word) && /\p{L}/u.test(word));
  return [...new Set([...aboutOf(words, own).split(" "), ...above])]
    .filter((word) => word !== "")
    .sort()
    .join(" ");
}

type Scopes = Pick<Extent, "covers" | "said">;

function scopesOf(context: DetectorContext, passage: Passage, mention: Mention, words: string): Scopes {
  const inSentence = scopesIn(words);
  if (inSentence.length > 0) return all(inSentence);
  const inName = [...scopesOfName(mention.path ?? ""), ...scopesIn(mention.name)];
  if (inName.length > 0) return all([...new Set(inName)]);
  if (licenseRules().repository.test(words)) return { covers: ["code"], said: [] };
  if (namesModel(context, mention, words) || isRowOfModel(context, passage, words)) return all(["weights"]);
  const around = scopesAround(passage, words);
  if (around.length > 0) return all(around);
  return mention.license !== null && isModelLicense(mention.license) ? { covers: ["weights"], said: [] } : all([]);
}

function all(covers: readonly LicenseScope[]): Scopes {
  return { covers, said: covers };
}

/** What the heading above, or the kind of document, says where the sentence says nothing. */
function scopesAround({ under, artifact, kind }: Passage, words: string): readonly LicenseScope[] {
  const rules = licenseRules();
  const heading = under.at(-1) ?? "";
  if (rules.underData.test(heading) || artifact.roles.includes("data-card")) return ["data"];
  if (rules.underWeights.test(heading) || artifact.roles.includes("model-card")) return ["weights"];
  if (/licen[sc]e\W*$/iu.test(words) && /\bmodels?\b/iu.test(heading)) return ["weights"];
  // An item of a list of the model's merits: "Permissive Apache 2.0 license: build freely".
  const isMerit = kind === "item" && /^\W*(?:permissive|open)\b/iu.test(words) && /highlight|feature|特点|特性/iu.test(heading);
  return isMerit ? ["weights", "code"] : [];
}

/** A table with a column of models: its licenses are theirs. So are those of rows named after the release. */
function isRowOfModel(context: DetectorContext, passage: Passage, words: string): boolean {
  if (passage.kind !== "row") return false;
  return hasColumn(context, passage, /\b(?:models?|checkpoints?|weights)\b|模型|权重|權重/iu) || namesRelease(words, ownNames(context));
}

/** Whether the table that a row belongs to has a column of that title. */
export function hasColumn(context: DetectorContext, { artifact, startLine }: Passage, title: RegExp): boolean {
  const blocks = context.document(artifact)?.blocks ?? [];
  const table = blocks.find((block) => block.kind === "table" && block.startLine <= startLine && startLine <= block.endLine);
  return table?.kind === "table" && table.header.some((cell) => title.test(cell));
}

/** A release and its repository share a name; a size, a variant or a license for models tells which one is meant. */
function namesModel(context: DetectorContext, { license }: Mention, words: string): boolean {
  const plain = words.replace(/https?:\/\/[^\s\p{Script=Han}，。；、（）]{1,300}/giu, " ");
  if (plain.trim() === "" || !namesRelease(plain, ownNames(context))) return false;
  return (license !== null && isModelLicense(license)) || /\b\d{1,4}(?:\.\d)?\s?[BM]\b|[-\s](?:chat|base|instruct)\b/iu.test(plain);
}
