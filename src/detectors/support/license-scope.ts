// What a license statement covers, by the words that stand with it.
import type { LicenseScope } from "../../core/component.ts";
import type { LicenseRecord } from "../../core/license.ts";

const WORDS: readonly (readonly [LicenseScope, RegExp])[] = [
  [
    "code",
    /\b(?:codes?|source|software|scripts?|library|codebase|repo(?:sitory)?|package|implementation)\b|代码|代碼|仓库|倉庫|源码|源碼/iu,
  ],
  ["weights", /\b(?:weights?|models?|checkpoints?|parameters|deltas?|adapters?|llms?)\b|权重|權重|模型/iu],
  ["data", /\b(?:data\s?sets?|data|corpus|corpora|annotations)\b|数据|數據/iu],
  ["documents", /\b(?:documentation|docs|documents?|model\s?card|paper)\b|文档|文檔/iu],
];

/** Scopes named in a few words; empty when none is. */
export function scopesIn(words: string): readonly LicenseScope[] {
  // "code of conduct" and "open source" speak of no code; a data sheet is a document.
  const plain = words.replace(/code of conduct|open[\s-]source[ds]?|data\s?sheets?|data\s?cards?/giu, " ");
  const scopes = WORDS.filter(([, pattern]) => pattern.test(plain)).map(([scope]) => scope);
  // "the model's code" is code; "code and model weights" is both.
  if (
    scopes.includes("code") &&
    scopes.includes("weights") &&
    /\bmodels?['’]?s?\s+code\b/iu.test(plain) &&
    !/weights?|checkpoints?/iu.test(plain)
  ) {
    return scopes.filter((scope) => scope !== "weights");
  }
  return scopes;
}

/** Scopes that a license file's own name claims, e.g. LICENSE-MODEL; the name never says which license it is. */
export function scopesOfName(path: string): readonly LicenseScope[] {
  const name = path
    .slice(path.lastIndexOf("/") + 1)
    .replace(/\.(?:txt|md|rst|html?)$/iu, "")
    .replace(/[-_.]+/gu, " ");
  if (/\b(?:third|3rd)\b/iu.test(name)) return [];
  return scopesIn(name);
}

/** A license written for models: it covers the model and what comes with it, whatever lies in the repository. */
export function isModelLicense(record: LicenseRecord): boolean {
  const isOfModels = /^LicenseRef-/u.test(record.id) || /rail|bloom/iu.test(record.id);
  return isOfModels && (record.kind === "use-restricted" || record.kind === "non-commercial");
}
