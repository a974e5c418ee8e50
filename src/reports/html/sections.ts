import type { CriterionResult, LicenseReport, Message, Report, Verdict } from "../../core/report.ts";
import { bytesText, type Phrases } from "../phrases.ts";
import { safeText } from "../safe-text.ts";
import { OUTCOME_MARKS, SEVERITY_MARKS } from "../table/marks.ts";
import type { Citations } from "./citations.ts";
import { doorOfWord } from "./door-shapes.ts";
import { drawing } from "./doors.ts";
import { escapeHtml } from "./escape.ts";
import { findingAnchor } from "./files.ts";
import type { Trio } from "./trio.ts";

/** What a section is made from. */
export interface Page {
  readonly report: Report;
  readonly trio: Trio;
  readonly citations: Citations;
}

function list(items: readonly string[], tag: "ul" | "ol" = "ul"): string {
  return items.length === 0 ? "" : `<${tag}>${items.map((item) => `<li>${item}</li>`).join("\n")}</${tag}>`;
}

function cite({ trio, citations }: Page, message: Message): string {
  return trio.tell(message) + citations.links(message.evidence);
}

export function headline(page: Page): string {
  const { report, trio } = page;
  const { word, label, because } = report.headline;
  const provisional = report.coverage.complete ? "" : `<p class="provisional">${trio.word("report.incomplete")}</p>`;
  return `<section class="headline ${word}" aria-labelledby="answer">${drawing(doorOfWord(word), "great")}<div><h2 id="answer"><span class="word">${trio.word(`word.${word}`)}</span></h2>
<p class="sentence">${trio.word(`headline.${word}`)}</p>
<p class="label">${trio.say((phrases) => phrases.say("report.g7-label", { label: phrases.name("label", label) }))}</p>
${provisional}${list(because.map((message) => cite(page, message)))}</div></section>`;
}

export function standards(page: Page): string {
  return page.report.verdicts.map((verdict) => standard(page, verdict)).join("\n");
}

function standard(page: Page, verdict: Verdict): string {
  const { trio } = page;
  const { symbol } = OUTCOME_MARKS[verdict.result];
  const detail = trio.say((phrases) => phrases.verdictDetail(verdict));
  const counts = (["met", "not-met", "unknown"] as const)
    .map((outcome) => ({ outcome, count: verdict.criteria.filter(({ result }) => result === outcome).length }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `<span class="count ${outcome}">${count} ${trio.word(`outcome.${outcome}`)}</span>`);
  return `<article class="standard ${verdict.result}"><h3>${trio.say((phrases) => phrases.verdictName(verdict))}</h3>
<p><span class="outcome ${verdict.result}"><span aria-hidden="true">${symbol}</span> ${trio.word(`outcome.${verdict.result}`)}</span>${detail === "" ? "" : ` <span class="detail">${detail}</span>`}</p>
${counts.length === 0 ? "" : `<p class="counts">${counts.join(" ")}</p>`}${verdict.criteria.map((criterion) => oneCriterion(page, criterion)).join("\n")}</article>`;
}

function oneCriterion(page: Page, criterion: CriterionResult): string {
  const { trio, citations } = page;
  const { id, result, level, because, missing = [] } = criterion;
  const grade = level === undefined ? "" : ` <span class="detail">${trio.name("level", level)}</span>`;
  const evidence = because.flatMap((message) => message.evidence ?? []);
  const need =
    missing.length === 0 ? "" : `<p class="needs">${trio.word("html.missing")}</p>${list(missing.map((message) => cite(page, message)))}`;
  return `<details class="criterion ${result}"><summary><span class="mark ${result}"><span aria-hidden="true">${OUTCOME_MARKS[result].symbol}</span><span class="sr"> ${trio.word(`outcome.${result}`)}</span></span> ${trio.say((phrases) => phrases.criterionName(id))}${grade}</summary>
<div class="body"><p class="id">${escapeHtml(safeText(id))}</p>${list(because.map((message) => cite(page, message)))}${citations.quotes(evidence)}${need}</div></details>`;
}

/** A license text says more than what only names it. */
const STATEMENTS: readonly LicenseReport["statement"][] = ["text", "header", "metadata", "card", "pointer", "prose"];

export function licenses(page: Page): string {
  const { report, trio } = page;
  if (report.licenses.length === 0) return `<p>${trio.word("report.no-findings")}</p>`;
  const own = report.licenses
    .filter(({ thirdParty }) => thirdParty !== true)
    .sort((a, b) => STATEMENTS.indexOf(a.statement) - STATEMENTS.indexOf(b.statement));
  const others = report.licenses.length - own.length;
  const more =
    others === 0 ? "" : `<p class="faint">${trio.say((phrases) => phrases.say("report.third-party-count", { count: others }))}</p>`;
  return list(own.map((license) => oneLicense(page, license))) + more;
}

function oneLicense({ trio, citations }: Page, license: LicenseReport): string {
  const details = (phrases: Phrases): string => {
    const scope =
      license.scope.length === 0 ? phrases.word("report.all-scopes") : phrases.join(license.scope.map((id) => phrases.word(`scope.${id}`)));
    const folder = license.folder === undefined ? "" : phrases.say("report.folder", { folder: license.folder });
    return phrases.clauses([phrases.name("kind", license.kind), scope, phrases.word(`statement.${license.statement}`), folder]);
  };
  const clauses = (license.restrictions ?? []).map(({ term, clause, evidence }) => {
    const name = trio.say((phrases) =>
      phrases.note(phrases.name("term", term), clause === "" ? "" : phrases.say("report.clause", { clause })),
    );
    // What only names the license is quoted once, and not for each of its terms.
    const isOwn = evidence.some((id) => !license.evidence.includes(id));
    return isOwn ? `${name}${citations.links(evidence)}${citations.quotes(evidence)}` : name;
  });
  const named = license.statement === "text" ? "" : citations.quotes(license.evidence);
  const differences = (license.differences ?? []).map(
    ({ kind, text, evidence }) =>
      `<span class="${kind}">${trio.say((phrases) => phrases.say(`report.${kind}`, { words: text }))}</span>${citations.links([evidence])}`,
  );
  return `<strong><code>${escapeHtml(safeText(license.id))}</code></strong> ${trio.say(details)}${citations.links(license.evidence)}${named}${list(clauses)}${list(differences)}`;
}

export function findings(page: Page): string {
  const { report, trio, citations } = page;
  if (report.findings.length === 0) return `<p>${trio.word("report.no-findings")}</p>`;
  const items = report.findings.map(({ ruleId, severity, message, path, evidence, setAside }, index) => {
    const ids = [...new Set([...(message.evidence ?? []), ...evidence])];
    const place = path === undefined || path === "" ? "" : `<code>${escapeHtml(safeText(path))}</code> `;
    return `<li class="finding ${severity}" id="${findingAnchor(index)}"><p><span class="severity ${severity}"><span aria-hidden="true">${SEVERITY_MARKS[severity].symbol.trim()}</span> ${trio.word(`severity.${severity}`)}</span> ${place}${trio.tell(message)}${citations.links(ids)}</p>${setAside === undefined ? "" : `<p class="aside">${trio.say((phrases) => phrases.setAside(setAside))}</p>`}${citations.quotes(ids)}<p class="id">${escapeHtml(safeText(ruleId))}</p></li>`;
  });
  return `<ul class="findings">${items.join("\n")}</ul>`;
}

export function gaps(page: Page): string {
  const { report, trio } = page;
  const wanted = report.gaps.filter((gap) => gap.do.length > 0);
  return wanted
    .map((gap) => {
      const title = trio.say((phrases) => phrases.say("report.gap", { to: phrases.aim(gap.to), standard: phrases.verdictName(gap) }));
      return `<h3>${title}</h3>${list(
        gap.do.map((message) => cite(page, message)),
        "ol",
      )}`;
    })
    .join("\n");
}

export function statements({ report, trio, citations }: Page): string {
  const { quantities, relations, safety, claims } = report.statements;
  const rows = [
    ...claims.map(({ claim, evidence }) => trio.say((phrases) => phrases.say("report.claim", { claim })) + citations.links(evidence)),
    ...relations.map(
      ({ relation, target, evidence }) =>
        trio.say((phrases) => phrases.pair(phrases.name("relation", relation), safeText(target))) + citations.links(evidence),
    ),
    ...quantities.map(({ quantity, value, unit, subject, stated, evidence }) => {
      const exact = stated === "" ? `${value} ${unit}` : stated;
      return (
        trio.say((phrases) => phrases.pair(phrases.note(phrases.name("quantity", quantity), safeText(subject)), safeText(exact))) +
        citations.links(evidence)
      );
    }),
    ...safety.map(({ topic, evidence }) => trio.name("topic", topic) + citations.links(evidence)),
  ];
  return list(rows);
}

export function coverage({ report, trio }: Page): string {
  const { filesListed, filesRead, bytesRead, targetBytes, requests, skipped, complete } = report.coverage;
  const counts = (phrases: Phrases): string => {
    const files = { listed: filesListed, read: filesRead, bytes: bytesText(bytesRead) };
    const read =
      targetBytes === undefined
        ? phrases.say("report.coverage-files", files)
        : phrases.say("report.coverage-files-of", { ...files, target: bytesText(targetBytes) });
    return requests === 0 ? read : `${read} ${phrases.say("report.coverage-requests", { requests })}`;
  };
  const partial = skipped.filter((skip) => skip.partial);
  const items = partial.map(
    ({ path, reason, detail }) =>
      `<code>${escapeHtml(safeText(path === "" ? "*" : path))}</code> ${trio.say((phrases) => phrases.note(phrases.word(`reason.${reason}`), phrases.detail(detail)))}`,
  );
  const state = complete ? `<p>${trio.word("report.complete")}</p>` : `<p class="provisional">${trio.word("report.incomplete")}</p>`;
  const others = skipped.length - partial.length;
  const rest = others === 0 ? "" : `<p class="faint">${trio.say((phrases) => phrases.say("report.skipped-others", { count: others }))}</p>`;
  return `<p>${trio.say(counts)}</p>${state}${list(items)}${rest}`;
}

export function sources({ report, trio }: Page): string {
  const rows = report.target.sources.map(({ ref, kind, revision, digest }) => {
    const cells = [ref, kind, revision ?? "", digest].map((cell) => `<td>${escapeHtml(safeText(cell))}</td>`);
    return `<tr>${cells.join("")}</tr>`;
  });
  const head = ["source", "kind", "revision", "digest"].map((column) => `<th scope="col">${trio.word(`html.${column}`)}</th>`);
  return `<div class="scroll" tabindex="0" role="region" aria-label="${trio.attribute((phrases) => phrases.word("html.sources"))}"><table><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}
