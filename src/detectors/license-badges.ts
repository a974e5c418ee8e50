// Badges: a picture that says "License: MIT" is a statement like any other, and the one most people read.
import type { LicenseFact } from "../core/fact.ts";
import type { Link } from "../documents/document.ts";
import type { Detector } from "./detector.ts";
import { governedFolder } from "./support/license-folder.ts";
import { knownNameAt } from "./support/license-names.ts";
import { scopesIn } from "./support/license-scope.ts";
import { detectorName, linesEvidence } from "./support/observe.ts";
import { artifactsWith } from "./support/passages.ts";

/** Links looked at in one document. */
const MAX_LINKS = 2_000;

export const detector: Detector = {
  id: "license-badges",
  version: 1,
  async detect(context) {
    const facts: LicenseFact[] = [];
    for (const artifact of artifactsWith(context, ["readme", "model-card", "data-card"])) {
      for (const link of context.document(artifact)?.links.slice(0, MAX_LINKS) ?? []) {
        const badge = link.image ? badgeOf(link) : null;
        const named = badge === null ? null : knownNameAt(badge.message);
        if (badge === null || named === null) continue;
        const covers = scopesIn(badge.label);
        facts.push({
          kind: "license",
          statement: "prose",
          license: named.license,
          stated: named.name,
          covers,
          said: covers,
          whole: covers.length === 0,
          components: [],
          folder: governedFolder(artifact.path),
          thirdParty: artifact.thirdParty,
          evidence: [linesEvidence(context, artifact, { start: link.line, end: link.line }, `${badge.label}: ${badge.message}`)],
          detector: detectorName(detector),
        });
      }
    }
    return { facts, findings: [] };
  },
};

interface Badge {
  readonly label: string;
  readonly message: string;
}

/** Source: https://shields.io/badges/static-badge (label-message-color; `--` is a dash, `_` a space). */
const STATIC = /^https?:\/\/img\.shields\.io\/(?:static\/v1\?|badge\/)(.{1,300})$/iu;

/** A badge about a license; null for any other picture, and for badges that ask a server what the license is. */
function badgeOf({ url }: Link): Badge | null {
  const text = STATIC.exec(url)?.[1];
  if (text === undefined) return null;
  const badge = /\/static\/v1\?/iu.test(url) ? fromQuery(text) : fromPath(text);
  return badge !== null && /licen[sc]e|许可|許可|授权|授權|协议|協議/iu.test(badge.label) ? badge : null;
}

function fromPath(path: string): Badge | null {
  const pieces = decoded(path.replace(/[?#].*$/u, "").replace(/\.(?:svg|png)$/iu, ""))
    .replaceAll("--", "\0")
    .split("-")
    .map((piece) => piece.replaceAll("\0", "-").replaceAll("__", "\0").replaceAll("_", " ").replaceAll("\0", "_").trim());
  const [label, message, ...rest] = pieces;
  if (label === undefined || message === undefined) return null;
  // A dash that nobody doubled: `License-Apache-2.0-blue`.
  return { label, message: [message, ...rest.slice(0, -1)].join("-") };
}

function fromQuery(query: string): Badge | null {
  const fields = new URLSearchParams(query);
  const [label, message] = [fields.get("label"), fields.get("message")];
  return label === null || message === null ? null : { label, message };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
