// A record of the European Open Source AI Index: other people's word about a release, read as claims.
import type { SourceProvider } from "../core/source.ts";
import { openClaimsFile } from "./mot-file.ts";

export const source: SourceProvider = {
  id: "osaii",
  schemes: ["osaii"],
  claims: async () => false,
  open: (reference, context) => openClaimsFile(reference, "osaii", context),
};
