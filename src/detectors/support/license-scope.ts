// What a license statement covers, by the words that stand with it.
import type { LicenseScope } from "../../core/component.ts";
import type { LicenseRecord } from "../../core/license.ts";

const CODE =
  /\b(?:codes?|source|software|scripts?|library|codebase|repo(?:sitory)?|package|implementation|c[oó]digo|quellcode|logiciel)\b|代码|代碼|程式碼|原始碼|仓库|倉庫|源码|源碼|コード/iu;
/** The thing itself, whatever stands around it. */
const WEIGHTS = /\b(?:weights?|checkpoints?|deltas?|adapters?|pesos|poids)\b|权重|權重|重み/iu;
/** Models are what is licensed, or only what something licensed is for. */
const MODELS = /\b(?:models?|llms?|parameters|modelos?|modèles?)\b|模型|モデル/iu;
const DATA = /\b(?:data\s?sets?|data|corpus|corpora|annotations|datos|données)\b|数据|數據|資料|データ/iu;
const DOCUMENTS = /\b(?:documentation|docs|documents?|model\s?card|paper)\b|文档|文檔/iu;

/** "a library for training models", "the code of the model", 模型的代码: words about models that name something else. */
const OBJECT =
  /\b(?:for|of|using|with|serving|training|running|fine-?tuning|serve|train|run)\s+(?:(?!and\b|or\b)[\w-]+\s+){0,5}?(?:models?|llms?)\b|\bmodels?['’]?s?\s+(?:source\s+)?code\b|模型的?(?:训练|訓練|推理)?的?(?:代码|代碼|源码|源碼)/giu;

/** Files that hold weights or archives of them. */
const WEIGHT_FILES = /[\w-]\.(?:safetensors|gguf|ckpt|pth?|bin|tar(?:\.gz)?|onnx)(?!\w)/iu;
/** Names of models and files: "code" in `siskin-code-22B` is no code. */
function withoutNames(text: string): string {
  return text.replace(/[\w.-]{1,200}/gu, (token) => (/[-_]/u.test(token) && /\d/u.test(token) ? " " : token));
}

/** Scopes named in a few words; empty when none is. */
export function scopesIn(words: string): readonly LicenseScope[] {
  // "code of conduct" and "open source" speak of no code; a data sheet is a document; an address names anything.
  const plain = words.replace(
    /https?:\/\/[^\s\p{Script=Han}，。；、（）]{1,300}|code of conduct|open[\s-]source[ds]?|data\s?sheets?|data\s?cards?/giu,
    " ",
  );
  const named = withoutNames(plain);
  const scopes: LicenseScope[] = [];
  if (CODE.test(named)) scopes.push("code");
  if (WEIGHTS.test(plain) || WEIGHT_FILES.test(plain) || MODELS.test(plain.replace(OBJECT, " "))) scopes.push("weights");
  if (DATA.test(named)) scopes.push("data");
  if (DOCUMENTS.test(plain)) scopes.push("documents");
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
