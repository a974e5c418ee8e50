// Whether a signature of OpenSSF Model Signing holds for a release, and if not, why. docs/signing.md has the rules.

type SignatureMethod = "key" | "certificate" | "sigstore";

/** Why a signature does not hold; sentences: `signature.<reason>`, with `detail` where there is one. */
export type RefusalReason =
  /** Of the file that should be a signature. */
  | "not-a-bundle"
  | "two-keys"
  | "old-form"
  | "other-method"
  | "no-log-entry"
  /** Of who signed. */
  | "wrong-key"
  | "bad-signature"
  | "bad-certificate"
  | "sigstore"
  /** Of what was signed. */
  | "not-a-statement"
  | "root-differs"
  | "duplicate-resource"
  | "unsafe-name"
  | "unsupported"
  /** Of the files that are there. */
  | "changed"
  | "missing"
  | "renamed"
  | "added"
  | "symlink"
  | "special"
  | "unreadable"
  | "bad-name"
  | "ignored";

export interface Refusal {
  readonly reason: RefusalReason;
  /** File of the release, or name of a resource, that it is about. */
  readonly path?: string;
  /** What exactly; not translated. */
  readonly detail?: string;
  /** `changed`: digests as signed and as found. */
  readonly expected?: string;
  readonly actual?: string;
}

/** Who signed, as far as the method tells. */
export interface Signer {
  /** SHA-256 (hex) of the public key as PEM: what OpenSSF Model Signing calls its hint. */
  readonly keyFingerprint: string;
  /** Certificate: subject and SHA-256 (hex) of the certificate. */
  readonly subject?: string;
  readonly certificateFingerprint?: string;
  /** Sigstore: whom the identity provider vouched for, and the provider. */
  readonly identity?: string;
  readonly identityProvider?: string;
}

export interface Verification {
  readonly verified: boolean;
  readonly model: string;
  readonly signature: string;
  /** Null when the file is no signature. */
  readonly method: SignatureMethod | null;
  /** Null until somebody was found to have signed. */
  readonly signer: Signer | null;
  /** Root digest (hex) that the signature states; null when it states none that holds. */
  readonly root: string | null;
  /** Files that are signed and are what was signed. */
  readonly filesVerified: number;
  /** In the order of the checks, by path within one. */
  readonly refusals: readonly Refusal[];
  /** Files that are there and that nobody vouches for, though the signature holds. */
  readonly uncovered: {
    /** The signer's own list leaves them out. */
    readonly bySigner: readonly string[];
    /** Left out on the command line. */
    readonly byOption: readonly string[];
    /** Not signed, and accepted on the command line. */
    readonly unsigned: readonly string[];
  };
  /** The form before 1.0, accepted on the command line. */
  readonly oldForm: boolean;
}

/** What was signed, and with what. */
export interface SigningResult {
  readonly model: string;
  readonly signature: string;
  readonly method: SignatureMethod;
  readonly signer: Signer;
  readonly root: string;
  readonly files: number;
  /** Paths that are left out, as the signature says. */
  readonly ignored: readonly string[];
}
