// SPDX tags at the head of code files: what single files say of themselves.
import { evidence, quoteOf } from "../core/evidence.ts";
import type { LicenseFact } from "../core/fact.ts";
import { licenseById, licenseByName } from "../licenses/records.ts";
import type { Detector } from "./detector.ts";
import { detectorName } from "./support/observe.ts";

/** A tag stands in the first comment of a file. */
const HEAD_CHARS = 4_000;
const TAG = /SPDX-License-Identifier:[ \t]{0,4}([A-Za-z0-9.+-]{1,60})/u;
/** Files cited per license. */
const MAX_CITED = 5;

export const detector: Detector = {
  id: "license-headers",
  version: 1,
  async detect(context) {
    const byLicense = new Map<string, LicenseFact>();
    for (const { path, digest, text, roles, thirdParty } of context.source.artifacts) {
      if (text === null || !roles.includes("code")) continue;
      const head = text.slice(0, HEAD_CHARS);
      const match = TAG.exec(head);
      if (match === null) continue;
      const stated = match[1] ?? "";
      const line = head.slice(0, match.index).split("\n").length;
      const span = { kind: "lines", start: line, end: line } as const;
      const seen = evidence({ source: context.source.ref, path, digest, span, quote: quoteOf(match[0]), method: "text" });
      const key = `${thirdParty}\0${stated}`;
      const known = byLicense.get(key);
      if (known !== undefined) {
        if (known.evidence.length < MAX_CITED) byLicense.set(key, { ...known, evidence: [...known.evidence, seen] });
        continue;
      }
      byLicense.set(key, {
        kind: "license",
        statement: "header",
        license: licenseById(stated) ?? licenseByName(stated),
        stated,
        covers: ["code"],
        components: [],
        folder: "",
        thirdParty,
        evidence: [seen],
        detector: detectorName(detector),
      });
    }
    return { facts: [...byLicense.values()], findings: [] };
  },
};
