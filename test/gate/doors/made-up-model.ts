import type { ServedModel } from "../../../src/gate/contract.ts";

export function madeUpModel(known: Partial<ServedModel> = {}): ServedModel {
  return {
    id: "model",
    ref: `hf:acme/${known.id ?? "model"}@0123456789`,
    basis: "verified",
    fileDigests: [],
    weightsDigest: null,
    tensorDigests: [],
    releaseDigest: null,
    bases: [],
    license: "Apache-2.0",
    headline: "open",
    ...known,
  };
}
