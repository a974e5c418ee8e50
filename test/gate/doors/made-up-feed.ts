// Advisories and feeds for tests: of Acme's model `tern`, unless told otherwise.

import { type NewFeed, signFeed } from "../../../src/gate/doors/recalls/feed.ts";
import type { Canonical } from "../../../src/gate/durable/canonical.ts";
import { newKeyPem, type SigningKey, signingKey } from "../../../src/gate/durable/keys.ts";

export const digestOf = (of: string): string => `sha256:${of.repeat(64).slice(0, 64)}`;

export interface AdvisoryParts {
  readonly id?: string;
  readonly top?: Record<string, Canonical>;
  readonly ajar?: Record<string, Canonical>;
  readonly affected?: Record<string, Canonical>;
}

export function madeUpAdvisory({ id = "x_ACME-1", top = {}, ajar = {}, affected = {} }: AdvisoryParts = {}): Record<string, Canonical> {
  return {
    schema_version: "1.7.3",
    id,
    modified: "2026-11-20T12:00:00Z",
    summary: `recalled by ${id}`,
    affected: [
      {
        database_specific: {
          ajar: {
            purl: "pkg:huggingface/acme/tern@0123",
            match: [{ kind: "file", digest: digestOf("a"), path: "model.safetensors" }],
            ...affected,
          },
        },
      },
    ],
    database_specific: {
      ajar: {
        format: "ajar-recall/1",
        action: "block",
        reason: "backdoor",
        effective: "2026-11-20T12:00:00Z",
        issuer: { name: "Acme", role: "publisher" },
        sequence: 1,
        ...ajar,
      },
    },
    ...top,
  };
}

export function newKey(): SigningKey {
  return signingKey(newKeyPem(), "test");
}

export function feedOf(advisories: readonly Canonical[], key: SigningKey, parts: Partial<NewFeed> = {}): string {
  const times = { published: "2026-11-24T00:00:00Z", expires: "2026-12-24T00:00:00Z" };
  return signFeed({ feed: "acme", sequence: 1, ...times, advisories, ...parts }, [key]);
}
