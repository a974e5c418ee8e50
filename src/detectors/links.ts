// Parts of the release on other hosts: links of cards and READMEs, each judged by its address and the words around it.
import { COMPONENT_IDS, type ComponentId } from "../core/component.ts";
import { AjarError } from "../core/errors.ts";
import type { ComponentFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { Link } from "../documents/document.ts";
import { loadRules } from "../rules/load.ts";
import { Pattern } from "../rules/pattern.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { pathOfLink } from "./support/license-texts.ts";
import { detectorName, linesEvidence } from "./support/observe.ts";
import { artifactsWith } from "./support/passages.ts";
import { isSameOwner, ownerOf, ownNames, piecesOf } from "./support/publisher.ts";
import { namesRelease } from "./support/release-names.ts";

interface LinkRule {
  readonly component: ComponentId;
  readonly host: Pattern | null;
  readonly url: Pattern | null;
  readonly notUrl: Pattern | null;
  readonly about: Pattern | null;
  readonly not: Pattern | null;
  readonly under: Pattern | null;
  /** The address or the link's text names the release or its publisher. */
  readonly own: boolean;
  readonly owner: boolean;
  /** The link's text itself names the release. */
  readonly title: boolean;
  readonly text: Pattern | null;
  readonly notText: Pattern | null;
  /** Only in documents at the root, which speak of the release as a whole. */
  readonly main: boolean;
  /** The sentence names the release. */
  readonly named: boolean;
  /** `described` where the link may lead to another release's part: enough to doubt an absence, not to claim a presence. */
  readonly sighting: "linked" | "described";
}

interface LinkRules {
  readonly notUnder: Pattern;
  readonly rules: readonly LinkRule[];
}

/** Links cited per component and document. */
const MAX_CITED = 5;
/** Links looked at in one document; more is a list of the web. */
const MAX_LINKS = 5_000;

export const detector: Detector = {
  id: "links",
  version: 1,
  async detect(context) {
    const facts: ComponentFact[] = [];
    for (const artifact of artifactsWith(context, ["readme", "model-card", "data-card", "document"])) {
      if (artifact.path.split("/").length <= 3) facts.push(...factsOf(context, artifact));
    }
    return { facts, findings: [] };
  },
};

/** A document about training speaks of them wherever it lies. */
const TRAINING_DOCUMENT = /(?:pre-?train\w*|training)[^/]*\.\w+$/iu;

function factsOf(context: DetectorContext, artifact: Artifact): readonly ComponentFact[] {
  const { notUnder, rules } = linkRules();
  const found = new Map<string, { readonly component: ComponentId; readonly sighting: LinkRule["sighting"]; readonly links: Link[] }>();
  const isMain =
    !artifact.path.includes("/") ||
    artifact.roles.some((role) => role === "model-card" || role === "data-card") ||
    TRAINING_DOCUMENT.test(artifact.path);
  for (const link of (context.document(artifact)?.links ?? []).slice(0, MAX_LINKS)) {
    if (!leadsOut(link, notUnder) || pathOfLink(context, link.url, artifact.path) !== null) continue;
    const named = new Set<ComponentId>();
    for (const rule of rules) {
      if (named.has(rule.component) || !holds(context, rule, link) || (rule.main && !isMain)) continue;
      named.add(rule.component);
      const { component, sighting } = rule;
      const key = `${component} ${sighting}`;
      const same = found.get(key);
      if (same === undefined) found.set(key, { component, sighting, links: [link] });
      else same.links.push(link);
    }
  }
  return [...found.values()].map(({ component, sighting, links }) => {
    const [first, ...rest] = links.slice(0, MAX_CITED).map((link) => evidenceOf(context, artifact, link));
    const place = links[0]?.url ?? "";
    if (first === undefined) throw new AjarError("BUG", "a link without a place");
    return {
      kind: "component",
      component,
      sighting,
      place,
      partial: false,
      reason: sighting === "linked" ? "link to another host" : "link that may lead to it",
      evidence: [first, ...rest],
      detector: detectorName(detector),
    };
  });
}

/** An address on another host, not under a heading that thanks or recommends others. */
function leadsOut(link: Link, notUnder: Pattern): boolean {
  if (link.image || !/^(?:[a-z][a-z0-9+.-]*:\/\/|magnet:)/iu.test(link.url)) return false;
  return !link.under.some((heading) => notUnder.test(heading));
}

function evidenceOf(context: DetectorContext, artifact: Artifact, link: Link): ReturnType<typeof linesEvidence> {
  return linesEvidence(context, artifact, { start: link.line, end: link.line }, `${link.text} ${link.url}`.trim());
}

function holds(context: DetectorContext, rule: LinkRule, link: Link): boolean {
  if (rule.host?.test(link.url) === false || rule.url?.test(link.url) === false || rule.notUrl?.test(link.url) === true) return false;
  const about = `${link.text} | ${link.context}`;
  if (rule.text?.test(link.text) === false || rule.notText?.test(link.text) === true) return false;
  if (rule.about?.test(about) === false || rule.not?.test(about) === true) return false;
  if (rule.under !== null && !link.under.some((heading) => rule.under?.test(heading) === true)) return false;
  if (rule.title && !namesRelease(link.text, ownNames(context))) return false;
  if (rule.named && !namesRelease(link.context, ownNames(context))) return false;
  return ownership(context, rule, link);
}

function ownership(context: DetectorContext, rule: LinkRule, link: Link): boolean {
  if (!rule.own && !rule.owner) return true;
  const owner = ownerOf(context);
  const pieces = piecesOf(link.url);
  if (owner !== null && pieces.slice(0, 4).some((piece) => isSameOwner(piece, owner))) return true;
  const names = ownNames(context);
  const name = pieces.slice(0, 4).join(" ");
  return namesRelease(name, names) || (rule.own && rule.title && namesRelease(link.text, names));
}

let loaded: LinkRules | undefined;

function linkRules(): LinkRules {
  loaded ??= readRules();
  return loaded;
}

function readRules(): LinkRules {
  const data = entries(loadRules("detectors").get("links"));
  const hosts = entries(data.get("hosts"));
  const rules = data.get("links");
  if (!Array.isArray(rules)) throw bad("links is not a list");
  return { notUnder: regex(data.get("notUnder")), rules: rules.map((rule) => readRule(entries(rule), hosts)) };
}

function readRule(rule: ReadonlyMap<string, unknown>, hosts: ReadonlyMap<string, unknown>): LinkRule {
  const component = COMPONENT_IDS.find((id) => id === rule.get("component"));
  if (component === undefined) throw bad(`${String(rule.get("component"))} is no component`);
  const optional = (key: string): Pattern | null => (rule.get(key) === undefined || rule.get(key) === "" ? null : regex(rule.get(key)));
  const host = rule.get("host");
  return {
    component,
    host: typeof host === "string" ? regex(hosts.get(host)) : null,
    url: optional("url"),
    notUrl: optional("notUrl"),
    about: optional("about"),
    not: optional("not"),
    under: optional("under"),
    own: rule.get("own") === true,
    owner: rule.get("owner") === true,
    title: rule.get("title") === true,
    text: optional("text"),
    notText: optional("notText"),
    main: rule.get("main") === true,
    named: rule.get("named") === true,
    sighting: rule.get("sighting") === "described" ? "described" : "linked",
  };
}

function entries(value: unknown): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null) throw bad("a map was expected");
  return new Map(Object.entries(value));
}

function regex(value: unknown): Pattern {
  if (typeof value !== "string") throw bad("a pattern was expected");
  return new Pattern(value, "iu");
}

function bad(problem: string): AjarError {
  return new AjarError("BAD_RULE_DATA", problem, { subject: "rules/detectors/links.yaml" });
}
