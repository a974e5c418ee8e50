// The chain block of the report contract as a schema; schema.ts holds it equal to core/report.ts.
import { z } from "zod";
import { REACHES, RELATIONS, RESOLUTIONS, UNRESOLVED_REASONS } from "../core/chain.ts";
import { DUTY_KINDS, PERMISSIONS, USES } from "../core/terms.ts";

const ids = z.array(z.string()).describe("Ids of entries of `evidence`.");
const relation = z.enum(RELATIONS);

const origin = {
  license: z.string(),
  clause: z.string().describe("The license's own numbering; empty where it numbers nothing or its terms are not known."),
  in: z.string().optional().describe("Document that the clause is in, where the license incorporates it."),
  reach: z.enum(REACHES).describe("How the license comes to bear on the release."),
  path: z.array(z.strictObject({ relation, node: z.string() })).describe("From the release up to the node that states the license."),
};

const condition = z.strictObject({
  kind: z.enum(["size", "region", "purpose", "non-commercial-party", "field-of-use", "own-family", "model-kind", "registration", "review"]),
  ...origin,
  certain: z.boolean(),
});

/** Releases of a chain. */
export const chainNodes = z
  .array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      licenses: z.array(z.string()),
      resolution: z.enum(RESOLUTIONS).describe("Who said what its license is."),
      reason: z.enum(UNRESOLVED_REASONS).optional(),
      source: z.string().optional(),
      evidence: ids,
    }),
  )
  .describe("The release first.");

/** What the release derives from and the terms that come down to it. Reports of versions before it had none. */
export const chainSchema = z
  .strictObject({
    nodes: chainNodes,
    edges: z.array(z.strictObject({ child: z.string(), parent: z.string(), relation, evidence: ids })),
    uses: z.array(
      z.strictObject({
        use: z.enum(USES),
        permission: z.enum(PERMISSIONS).describe("unknown: never to be read as allowed."),
        because: z.array(z.strictObject(origin)).describe("The grounds that decide."),
        conditions: z.array(condition),
      }),
    ),
    duties: z.array(
      z.strictObject({
        kind: z.enum(DUTY_KINDS),
        on: z.array(z.enum(USES)),
        words: z.string().optional(),
        ...origin,
        certain: z.boolean().describe("False where it may not reach the release at all."),
      }),
    ),
    complete: z.boolean().describe("A license is known for every node, and nothing was left out."),
  })
  .default({ nodes: [], edges: [], uses: [], duties: [], complete: true });
