import type { Role } from "../core/inventory.ts";
import type { SourceKind } from "../core/source.ts";
import { type RoleRules, roleRules } from "./role-rules.ts";

/** Longest path that rules look at; longer ones keep their end, where the name is. */
const MAX_PATH_CHARS = 1_024;
/** Characters of a front matter that are searched for its keys. */
const FRONT_MATTER_CHARS = 20_000;

/** Whether a path names vendored or third-party content. */
export function isThirdParty(path: string): boolean {
  const seen = shorten(path);
  return roleRules().thirdParty.some((rule) => rule.test(seen));
}

/** Roles of a file by its path alone; never empty, `other` when no rule wants it. */
export function rolesByPath(path: string): readonly Role[] {
  const rules = roleRules();
  const seen = shorten(path);
  if (seen.startsWith("@host/")) return ["host-record"];
  const extension = extensionOf(seen);
  const isCode = rules.extensions.code.has(extension);
  if (rules.housekeeping.some((rule) => rule.test(seen))) return [isCode ? "code" : "other"];
  const isTest = rules.tests.some((rule) => rule.test(seen));
  const roles = new Set(rolesIn(rules.files, seen, extension).filter((role) => !isTest || !TEST_NEVER.includes(role)));
  if (isCode) {
    roles.add("code");
    if (!isTest && !rules.declarations.test(seen)) for (const role of rolesIn(rules.code, seen, extension)) roles.add(role);
  }
  if (roles.size === 0) roles.add(fallback(rules, seen, extension));
  return [...roles];
}

function rolesIn(table: RoleRules["files"], path: string, extension: string): readonly Role[] {
  return table.filter((rule) => matches(rule, path, extension)).map(({ role }) => role);
}

/** What lies among tests is there for the tests. */
const TEST_NEVER: readonly Role[] = ["weights", "tokenizer", "config", "readme", "data", "evaluation-data", "evaluation-results", "paper"];

function matches(rule: RoleRules["files"][number], path: string, extension: string): boolean {
  return !rule.notExtensions.has(extension) && rule.path.test(path) && rule.not?.test(path) !== true;
}

function fallback(rules: RoleRules, path: string, extension: string): Role {
  if (rules.extensions.archive.has(extension)) return "archive";
  if (rules.extensions.text.has(extension) && !/requirements[^/]*\.txt$/iu.test(path)) return "document";
  return "other";
}

/** Roles once the content is known: adds what it shows, takes away what it does not bear out. */
export function rolesWithContent(path: string, text: string, byPath: readonly Role[], kind: SourceKind): readonly Role[] {
  const rules = roleRules();
  const seen = shorten(path);
  const roles = new Set(byPath);
  const isTest = rules.tests.some((rule) => rule.test(seen)) || rules.housekeeping.some((rule) => rule.test(seen));
  if (roles.has("code") && !isTest) addByContent(rules, seen, text, roles);
  for (const { role, path: named, sign } of rules.signs) {
    if (roles.has(role) && named?.test(seen) !== false && !sign.test(text)) roles.delete(role);
  }
  if (roles.has("readme") || roles.has("document")) for (const titled of rolesByTitle(rules, text)) roles.add(titled);
  if (roles.has("readme")) for (const card of cardRoles(rules, path, text, kind)) roles.add(card);
  return [...roles];
}

function addByContent(rules: RoleRules, path: string, text: string, roles: Set<Role>): void {
  const extension = extensionOf(path);
  for (const rule of rules.content) {
    if (!rule.extensions.has(extension) || rule.not?.test(path) === true) continue;
    if (rule.all.every((pattern) => pattern.test(text))) roles.add(rule.role);
  }
}

/** Characters searched for a title; cards open with it, or with a front matter and it. */
const TITLE_CHARS = 4_000;

/** A document whose first heading says that it is a card is one, whatever its file is called. */
function rolesByTitle(rules: RoleRules, text: string): readonly Role[] {
  const title = /^ {0,3}# +(.{1,200})$/mu.exec(text.slice(0, TITLE_CHARS))?.[1];
  return title === undefined ? [] : rules.titles.filter((rule) => rule.title.test(title)).map(({ role }) => role);
}

/** A README is a card where the host shows it as one, or where its front matter describes a model or a data set. */
function cardRoles(rules: RoleRules, path: string, text: string, kind: SourceKind): readonly Role[] {
  const keys = frontMatterKeys(text);
  const isRoot = !path.includes("/");
  if (isRoot && kind === "hub-dataset") return ["data-card"];
  if (isRoot && kind === "hub-model" && text.trim() !== "") return ["model-card"];
  // Hosts show README.md and nothing else as a card.
  if (!/(?:^|\/)readme\.md$/iu.test(path)) return [];
  if (rules.frontMatter.dataCard.some((key) => keys.has(key))) return ["data-card"];
  if (rules.frontMatter.modelCard.some((key) => keys.has(key))) return ["model-card"];
  const shared = rules.frontMatter.either.filter((key) => keys.has(key));
  return keys.has("license") && shared.length >= 2 ? ["model-card"] : [];
}

function frontMatterKeys(text: string): ReadonlySet<string> {
  const head = text.slice(0, FRONT_MATTER_CHARS).replace(/^\uFEFF/u, "");
  const keys = new Set<string>();
  if (!/^---\r?\n/u.test(head)) return keys;
  for (const line of head.split("\n").slice(1)) {
    if (/^---\s*$/u.test(line)) return keys;
    const key = /^([\w-]{1,40}):/u.exec(line)?.[1];
    if (key !== undefined) keys.add(key);
  }
  return new Set();
}

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

function shorten(path: string): string {
  return path.length <= MAX_PATH_CHARS ? path : path.slice(-MAX_PATH_CHARS);
}
