// What `ajar sign` and `ajar verify` show.
import type { Refusal, Signer, SigningResult, Verification } from "../core/signature.ts";
import { failureText } from "./failure-text.ts";
import { toJson } from "./json.ts";
import type { ReportOptions } from "./report-options.ts";
import { safeText } from "./safe-text.ts";
import { Sheet } from "./table/sheet.ts";

/** Names of the JSON's forms; they change when a key changes its meaning. */
const VERIFICATION = "ajar-verification/1";
const SIGNATURE = "ajar-signature/1";
/** More reasons than this help nobody at once; --verbose has them all. */
const SHOWN = 20;

export function verificationJson(verification: Verification): string {
  return toJson({ format: VERIFICATION, ...verification });
}

export function signingJson(result: SigningResult): string {
  return toJson({ format: SIGNATURE, ...result });
}

export function verificationTable(verification: Verification, options: ReportOptions): string {
  const sheet = new Sheet(options);
  const { verified, model, signature, signer, method, root, refusals, filesVerified, uncovered, oldForm } = verification;
  sheet.line(sheet.paint("strong", safeText(model)));
  const [symbol, tone] = verified ? (["✓", "good"] as const) : (["✗", "bad"] as const);
  const answer = sheet.word(verified ? "signature.holds" : "signature.does-not-hold");
  sheet.block(sheet.pair(safeText(signature), answer), 4, `  ${sheet.paint(tone, symbol)} `);
  sheet.some(refusals, SHOWN, 4, (refusal) => sheet.block(refusalText(sheet, refusal), 6, "", "bad"));
  if (method !== null && signer !== null) whoSigned(sheet, method, signer);
  if (root !== null) sheet.line(`  ${sheet.pair(sheet.word("identity.root"), `sha256:${root}`)}`);
  if (verified) sheet.block(sheet.say("signature.files", { count: filesVerified }), 4, "", "faint");
  if (oldForm) sheet.block(sheet.word("signature.old-form-taken"), 4, "  ! ", "unsure");
  for (const [kind, paths] of Object.entries(uncovered)) {
    if (paths.length === 0) continue;
    sheet.block(sheet.say(`signature.uncovered.${kind}`, { count: paths.length }), 4, "  ! ", "unsure");
    sheet.some(paths, SHOWN, 6, (path: string) => sheet.block(safeText(path), 6));
  }
  return sheet.toString();
}

function refusalText(sheet: Sheet, { reason, path, detail, expected, actual }: Refusal): string {
  const sentence = sheet.word(`signature.${reason}`);
  const digests = expected !== undefined && actual !== undefined ? sheet.say("signature.digests", { expected, actual }) : "";
  const said = sheet.clauses([
    detail === undefined ? sentence : sheet.note(sentence, safeText(failureText(detail, sheet.options.language))),
    digests,
  ]);
  return path === undefined || path === "" ? said : sheet.pair(safeText(path), said);
}

function whoSigned(sheet: Sheet, method: string, { keyFingerprint, subject, identity, identityProvider }: Signer): void {
  const by = identity ?? subject ?? keyFingerprint;
  const name = sheet.word(`signature.method.${method}`);
  const vouched = identityProvider === undefined ? "" : sheet.say("signature.vouched", { provider: identityProvider });
  sheet.block(sheet.clauses([sheet.say("signature.signed-by", { method: name, by }), vouched]), 4, "", "faint");
}

export function signingTable(result: SigningResult, options: ReportOptions): string {
  const sheet = new Sheet(options);
  const { model, signature, method, signer, root, files, ignored } = result;
  sheet.line(sheet.paint("strong", safeText(model)));
  sheet.block(sheet.say("signature.written", { file: signature, count: files }), 4, `  ${sheet.paint("good", "✓")} `);
  whoSigned(sheet, method, signer);
  sheet.line(`  ${sheet.pair(sheet.word("identity.root"), `sha256:${root}`)}`);
  if (ignored.length > 0) sheet.block(sheet.say("identity.left-out", { paths: ignored.map(safeText).join(", ") }), 4, "", "faint");
  return sheet.toString();
}
