// A record of the Model Openness Tool: other people's word about a release, read as claims.
import type { SourceProvider } from "../core/source.ts";
import { openClaimsFile } from "./mot-file.ts";

export const source: SourceProvider = {
  id: "mot",
  schemes: ["mot"],
  claims: async () => false,
  open: (reference, context) => openClaimsFile(reference, "mot", context),
};
