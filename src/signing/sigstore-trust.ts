// Sigstore: a certificate for minutes, vouched for by an identity provider and entered in public logs. Checked without the
// network, against a trusted root that the verifier was given. Loaded only for bundles of this kind.
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { PolicyError, toSignedEntity, toTrustMaterial, VerificationError, Verifier } from "@sigstore/verify";
import { AjarError } from "../core/errors.ts";
import { isSigningKey } from "./keys.ts";
import { Refused } from "./refused.ts";
import type { SigstoreSigner, Trust } from "./verify.ts";

export interface SigstoreTrustOptions {
  /** A TrustedRoot, or a ClientTrustConfig that holds one, as JSON. */
  readonly trustedRoot: string;
  /** Name of the file, for messages. */
  readonly name: string;
  /** Exactly what the certificate must name: a mail address or a URI. */
  readonly identity: string;
  /** Exactly who must have vouched for it. */
  readonly identityProvider: string;
}

/** @throws AjarError BAD_KEY when the trusted root cannot be used */
export function sigstoreTrust({ trustedRoot, name, identity, identityProvider }: SigstoreTrustOptions): Trust {
  const verifier = verifierOf(trustedRoot, name);
  return {
    method: "sigstore",
    verify(bundle): SigstoreSigner {
      const signer = verified(verifier, bundle);
      const found = signer.identity?.subjectAlternativeName ?? "";
      const provider = signer.identity?.extensions?.issuer ?? "";
      // The library would take the wanted identity for a pattern.
      if (found !== identity) throw new Refused("sigstore", { detail: `signed by ${found}`, expected: identity, actual: found });
      if (provider !== identityProvider) {
        throw new Refused("sigstore", { detail: `vouched for by ${provider}`, expected: identityProvider, actual: provider });
      }
      if (!isSigningKey(signer.key)) throw new Refused("sigstore", { detail: "its key is not on P-256, P-384 or P-521" });
      return { publicKey: signer.key, identity: found, identityProvider: provider };
    },
  };
}

function verifierOf(text: string, name: string): Verifier {
  try {
    const json: unknown = JSON.parse(text);
    const held = typeof json === "object" && json !== null && "trustedRoot" in json ? json.trustedRoot : json;
    return new Verifier(toTrustMaterial(TrustedRoot.fromJSON(held)));
  } catch (cause) {
    const hint = "Name a trusted_root.json, as the Sigstore TUF repository has it.";
    throw new AjarError("BAD_KEY", "this is no trusted root of Sigstore", { subject: name, hint, cause });
  }
}

function verified(verifier: Verifier, bundle: Uint8Array): ReturnType<Verifier["verify"]> {
  try {
    return verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(Buffer.from(bundle).toString("utf8")))));
  } catch (error) {
    // Whatever a bundle makes the library throw, the answer is no.
    if (error instanceof VerificationError || error instanceof PolicyError) throw new Refused("sigstore", { detail: error.message });
    throw new Refused("sigstore", { detail: error instanceof Error ? error.message.slice(0, 300) : "unreadable" });
  }
}
