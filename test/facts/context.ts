// Builds the view of a release that detectors get, from texts written in the test.
import { createHash } from "node:crypto";
import type { Fact } from "../../src/core/fact.ts";
import { factsOf } from "../../src/core/fact.ts";
import type { Artifact, Role } from "../../src/core/inventory.ts";
import type { Detected, Detector, DetectorContext } from "../../src/detectors/detector.ts";
import type { Document } from "../../src/documents/document.ts";
import { parseDocument } from "../../src/documents/parse.ts";

/** A file of a made-up release: its text and, where its name does not tell, its roles. */
export type MadeFile = string | { readonly text: string; readonly roles: readonly Role[]; readonly thirdParty?: boolean };

const ROLES: readonly (readonly [RegExp, Role])[] = [
  [/(?:^|\/)README/iu, "readme"],
  [/model[-_]?card/iu, "model-card"],
  [/data[-_]?card/iu, "data-card"],
  [/licen[cs]e/iu, "license"],
  [/policy/iu, "policy"],
  [/^@host\//u, "host-record"],
  [/config\.json$/iu, "config"],
];

/** @param files path -> text */
function contextOf(files: Readonly<Record<string, MadeFile>>, ref = "folder:nimbus"): DetectorContext {
  const artifacts = Object.entries(files).map(([path, file]): Artifact => {
    const text = typeof file === "string" ? file : file.text;
    const named = ROLES.flatMap(([pattern, role]) => (pattern.test(path) ? [role] : []));
    const roles = typeof file === "string" ? (named.length > 0 ? named : (["document"] as const)) : file.roles;
    const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
    return {
      path,
      sizeBytes: text.length,
      content: "readable",
      roles,
      digest,
      text,
      thirdParty: typeof file !== "string" && file.thirdParty === true,
    };
  });
  const parsed = new Map<string, Document>();
  return {
    source: {
      ref,
      kind: "folder",
      revision: null,
      part: "all",
      digest: "sha256:00",
      artifacts,
      listingComplete: true,
      listingProblem: null,
      skipped: [],
      filesListed: artifacts.length,
      filesRead: artifacts.length,
      bytesRead: 0,
    },
    document(artifact) {
      if (artifact.text === null) return null;
      const document = parsed.get(artifact.path) ?? parseDocument(artifact.text);
      parsed.set(artifact.path, document);
      return document;
    },
    read: () => Promise.reject(new Error("made-up files have no bytes to range over")),
  };
}

/** Runs a detector over made-up files. */
export function detectIn(detector: Detector, files: Readonly<Record<string, MadeFile>>, ref?: string): Promise<Detected> {
  return detector.detect(contextOf(files, ref));
}

/** Runs a detector over one README. */
export async function factsInReadme<K extends Fact["kind"]>(
  detector: Detector,
  kind: K,
  text: string,
  ref?: string,
): Promise<readonly Extract<Fact, { kind: K }>[]> {
  return factsOf((await detectIn(detector, { "README.md": text }, ref)).facts, kind);
}
