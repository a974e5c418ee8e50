import { AjarError } from "../core/errors.ts";
import { serverText } from "../http/failures.ts";
import type { HttpFailure } from "../http/types.ts";

export interface HubRequestContext {
  readonly subject: string;
  readonly endpoint: URL;
  readonly hasToken: boolean;
}

/**
 * What a refusal of the hub means: its X-Error-Code says more than the status, and a bare 401 says less than it seems,
 * as the hub answers so for missing, private and gated repositories alike.
 */
export function hubError(failure: HttpFailure, context: HubRequestContext): AjarError | null {
  // A storage host speaks another language; its refusals are taken by status.
  if (failure.url.origin !== context.endpoint.origin) return null;
  const { subject } = context;
  const code = failure.headers.get("x-error-code")?.trim() ?? "";
  const said = serverText(failure.headers.get("x-error-message") ?? "");
  if (/\bdisabled\b/iu.test(said))
    return new AjarError("UNREADABLE", `${subject}: the host has disabled access to it: ${said}`, { subject });
  return byCode(code, failure.status, context) ?? byStatus(failure.status, context);
}

function byCode(code: string, status: number, context: HubRequestContext): AjarError | null {
  const { subject, hasToken } = context;
  if (code === "GatedRepo") {
    const hint = hasToken
      ? "Ask for access on its page, with the account of this token."
      : "Accept its terms on its page, then set HF_TOKEN.";
    return new AjarError("GATED", `${subject}: gated, the host gives its files only to those who accepted its terms`, { subject, hint });
  }
  if (code === "RevisionNotFound")
    return new AjarError("REVISION_NOT_FOUND", `${subject}: no such revision`, { subject, hint: "Check the part after @." });
  if (code === "EntryNotFound") return new AjarError("NOT_FOUND", `${subject}: no such file in this revision`, { subject });
  if (code !== "RepoNotFound") return null;
  if (status === 401 && !hasToken) {
    return new AjarError("NOT_FOUND", `${subject}: not found, or private`, {
      subject,
      hint: "Check the name; for a private one set HF_TOKEN.",
    });
  }
  return new AjarError("NOT_FOUND", `${subject}: not found`, { subject, hint: "Check the name." });
}

function byStatus(status: number, context: HubRequestContext): AjarError | null {
  const { subject, hasToken } = context;
  if (status === 401) {
    const message = hasToken
      ? `${subject}: the host does not accept the token for it`
      : `${subject}: missing, private or gated; without a token the host does not say which`;
    return new AjarError("UNAUTHORIZED", message, {
      subject,
      hint: hasToken ? "Check HF_TOKEN and the name." : "Check the name, or set HF_TOKEN.",
    });
  }
  if (status === 403) {
    return new AjarError("UNAUTHORIZED", `${subject}: the host does not allow access to it`, {
      subject,
      hint: "Check what the token may read.",
    });
  }
  return null;
}
