// What was counted in the data as findings: what rules found, what is broken, and what cards say otherwise.
import type { DataReport, DataRuleReport } from "../../core/dataset.ts";
import { type Evidence, evidence, quoteOf } from "../../core/evidence.ts";
import { type Fact, factsOf } from "../../core/fact.ts";
import type { Artifact, SourceInventory } from "../../core/inventory.ts";
import type { Finding } from "../../core/release.ts";
import type { Message, Severity } from "../../core/report.ts";
import { type Card, declaredLanguages, declaredRows, denials, type Stated } from "../../dataset/declared.ts";
import { croissantFindings, type Digests } from "./croissant.ts";
import { fileEvidence, percent, placeEvidence, placesOf } from "./places.ts";

/** Languages of a smaller share may be loan words or a wrong guess. */
const LANGUAGE_SHARE = 0.1;
const OPEN = new Set(["osi-approved", "open-data", "open-content", "unapproved-permissive"]);

/** Rule of a finding by the area of the pattern. */
const AREA_RULES: Readonly<Record<string, string>> = {
  personal: "data/personal",
  secret: "data/secret",
  copyright: "data/copyright",
  reservation: "data/reservation",
  spam: "data/spam",
  damage: "data/damage",
  disguise: "data/disguise",
};

interface Seen {
  readonly report: DataReport;
  readonly inventories: readonly SourceInventory[];
  readonly facts: readonly Fact[];
  /** SHA-256 (hex) of files that metadata state one of, by source and path. */
  readonly digests: Digests;
}

/** Findings of rules/findings/data.yaml. */
export function dataFindings(seen: Seen): readonly Finding[] {
  const { report } = seen;
  return [
    ...report.rules.map((rule) => ruleFinding(report, rule)),
    ...brokenFindings(report),
    ...acrossSplits(report),
    ...contradictions(seen),
  ].filter((finding) => finding !== null);
}

type Items = readonly [Evidence, ...Evidence[]];

function finding(ruleId: string, severity: Severity, message: Message, items: Items, path?: string): Finding {
  return {
    ruleId,
    severity,
    message: { ...message, evidence: items.map(({ id }) => id) },
    ...(path === undefined ? {} : { path }),
    evidence: items,
  };
}

function ruleFinding(report: DataReport, rule: DataRuleReport): Finding | null {
  const items = placesOf(report, rule);
  const [first, ...others] = items;
  if (first === undefined) return null;
  const area = rule.rule.slice(0, rule.rule.indexOf("/"));
  const { rate } = rule;
  const share = rate === null ? {} : { share: percent(rate.share), low: percent(rate.low), high: percent(rate.high) };
  const id = rate === null ? "data.found" : rate.low === rate.high ? "data.found-all" : "data.found-rate";
  const args = { pattern: rule.rule, rows: rule.rows, hits: rule.hits, checked: rule.checked, ...share };
  return finding(AREA_RULES[area] ?? "data/personal", rule.level, { id, args }, [first, ...others], rule.samples[0]?.path);
}

function brokenFindings(report: DataReport): readonly Finding[] {
  return report.files.flatMap((file) => {
    const found = file.broken.map(({ code, rows, places }) => {
      const items = places.map((place) => placeEvidence(report, place, "", ""));
      const [first = fileEvidence(file), ...others] = items;
      return finding(
        "data/broken-rows",
        code === "long-row" ? "info" : "low",
        { id: `data.broken.${code}`, args: { rows } },
        [first, ...others],
        file.path,
      );
    });
    if (file.problem === undefined) return found;
    const args = { detail: file.problem.detail, rows: file.rows };
    return [...found, finding("data/unread", "medium", { id: "data.unread", args }, [fileEvidence(file)], file.path)];
  });
}

function acrossSplits(report: DataReport): readonly Finding[] {
  const held = report.duplicates.acrossSplits.filter(({ splits }) => splits.includes("test") || splits.includes("validation"));
  return held.flatMap(({ splits, rows }) => {
    const [first, ...others] = report.files
      .filter(({ split }) => splits.split("+").includes(split))
      .slice(0, 5)
      .map(fileEvidence);
    if (first === undefined) return [];
    return [
      finding("data/split-overlap", "medium", { id: "data.across", args: { splits: splits.replaceAll("+", " + "), rows } }, [
        first,
        ...others,
      ]),
    ];
  });
}

function contradictions(seen: Seen): readonly Finding[] {
  const cards = cardsOf(seen.inventories);
  return [
    ...deniedPersonal(seen.report, cards),
    ...reservedUnderOpen(seen),
    ...undeclaredLanguages(seen.report, cards),
    ...differingRows(seen.report, cards),
    ...croissantFindings(seen.report, seen.inventories, seen.digests),
  ];
}

interface KnownCard extends Card {
  readonly artifact: Artifact;
  readonly source: string;
}

function cardsOf(inventories: readonly SourceInventory[]): readonly KnownCard[] {
  return inventories.flatMap(({ ref, artifacts }) =>
    artifacts.flatMap((artifact) => {
      const isCard = artifact.roles.some((role) => role === "data-card" || role === "readme" || role === "model-card");
      return isCard && artifact.text !== null ? [{ path: artifact.path, text: artifact.text, artifact, source: ref }] : [];
    }),
  );
}

function cardEvidence(cards: readonly KnownCard[], { path, line, quote }: Stated<unknown>): Evidence {
  const card = cards.find((one) => one.path === path);
  const span = { kind: "lines", start: line, end: line } as const;
  return evidence({ source: card?.source ?? "", path, digest: card?.artifact.digest ?? "", span, quote: quoteOf(quote), method: "text" });
}

function deniedPersonal(report: DataReport, cards: readonly KnownCard[]): readonly Finding[] {
  const personal = report.rules.filter(({ rule, level }) => rule.startsWith("personal/") && (level === "high" || level === "medium"));
  const rows = personal.reduce((sum, rule) => sum + rule.rows, 0);
  if (rows === 0) return [];
  const seen = personal.flatMap((rule) => placesOf(report, rule).slice(0, 1));
  return denials(cards).map((stated) => {
    const args = { rows, patterns: personal.map(({ rule }) => rule).join(", ") };
    return finding("data/card-denies-personal", "high", { id: "data.denied", args }, [cardEvidence(cards, stated), ...seen], stated.path);
  });
}

function reservedUnderOpen({ report, facts }: Seen): readonly Finding[] {
  const reserved = report.rules.filter(({ rule, level }) => rule.startsWith("copyright/") && level !== "info");
  const license = factsOf(facts, "license").find(
    ({ license: record, covers, thirdParty }) =>
      record !== null && OPEN.has(record.kind) && !thirdParty && (covers.length === 0 || covers.includes("data")),
  );
  const rows = reserved.reduce((sum, rule) => sum + rule.rows, 0);
  if (license?.license == null || rows === 0) return [];
  const items: Items = [license.evidence[0], ...reserved.flatMap((rule) => placesOf(report, rule).slice(0, 2))];
  const args = { license: license.license.id, rows, patterns: reserved.map(({ rule }) => rule).join(", ") };
  // A notice that nothing beside it bears out may be part of what a text tells.
  const severity = reserved.some(({ checked }) => checked > 0) ? "high" : "medium";
  return [finding("data/reserved-under-open-license", severity, { id: "data.reserved", args }, items)];
}

function undeclaredLanguages({ languages, files }: DataReport, cards: readonly KnownCard[]): readonly Finding[] {
  return declaredLanguages(cards).flatMap((stated) => {
    if (stated.value.some((word) => word === "multilingual" || word === "mul")) return [];
    const declared = new Set(stated.value.map(baseOf));
    const others = languages.filter(
      ({ language, share }) => language !== "und" && share >= LANGUAGE_SHARE && !declared.has(baseOf(language)),
    );
    const [file] = files;
    if (others.length === 0 || file === undefined) return [];
    const args = {
      declared: stated.value.join(", "),
      found: others.map(({ language, share }) => `${language} ${percent(share)}`).join(", "),
    };
    return [
      finding(
        "data/language-undeclared",
        "medium",
        { id: "data.language-differs", args },
        [cardEvidence(cards, stated), fileEvidence(file)],
        stated.path,
      ),
    ];
  });
}

/** Languages that cards name by three letters or by name. */
const BASES: Readonly<Record<string, string>> = {
  eng: "en",
  english: "en",
  zho: "zh",
  chi: "zh",
  cmn: "zh",
  chinese: "zh",
  deu: "de",
  fra: "fr",
  spa: "es",
  jpn: "ja",
  kor: "ko",
  rus: "ru",
};

function baseOf(language: string): string {
  const base = language.toLowerCase().split(/[-_]/u)[0] ?? "";
  return BASES[base] ?? base;
}

function differingRows({ coverage, files }: DataReport, cards: readonly KnownCard[]): readonly Finding[] {
  const { rowsPresent, complete } = coverage;
  const isExact = complete && files.every(({ basis }) => basis === "whole");
  if (!isExact || rowsPresent === null) return [];
  const [file] = files;
  return declaredRows(cards).flatMap((stated) => {
    if (stated.value === rowsPresent || file === undefined) return [];
    const args = { declared: stated.value, counted: rowsPresent };
    return [
      finding(
        "data/rows-differ",
        "medium",
        { id: "data.rows-differ", args },
        [cardEvidence(cards, stated), fileEvidence(file)],
        stated.path,
      ),
    ];
  });
}
