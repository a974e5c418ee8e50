// Validators by the names that rules use.
import { AjarError } from "../../core/errors.ts";
import { brCpf, usSsn } from "./america.ts";
import { cnId, cnUscc, hkId, inAadhaar, jpMyNumber, krRrn, twId } from "./asia.ts";
import { isbn } from "./book.ts";
import { card, cnBankCard, iban } from "./card.ts";
import { email, emailRole } from "./email.ts";
import { beRrn, deTaxId, esNif, fiHetu, frNir, itFiscalCode, nlBsn, plPesel, sePersonnummer } from "./europe.ts";
import { ip4, ip6 } from "./ip.ts";
import { phone } from "./phone.ts";
import { crcToken, hexSecret, jwt, privateKey, secret, urlPassword } from "./secret.ts";
import type { Validator } from "./validator.ts";

export type { Validator } from "./validator.ts";

const VALIDATORS: Readonly<Record<string, Validator>> = {
  "be-rrn": beRrn,
  "br-cpf": brCpf,
  card,
  "cn-bank-card": cnBankCard,
  "cn-id": cnId,
  "cn-uscc": cnUscc,
  "crc-token": crcToken,
  "de-tax-id": deTaxId,
  email,
  "email-role": emailRole,
  "es-nif": esNif,
  "fi-hetu": fiHetu,
  "fr-nir": frNir,
  "hex-secret": hexSecret,
  "hk-id": hkId,
  iban,
  "in-aadhaar": inAadhaar,
  ip4,
  ip6,
  isbn,
  "it-fiscal-code": itFiscalCode,
  "jp-my-number": jpMyNumber,
  jwt,
  "kr-rrn": krRrn,
  "nl-bsn": nlBsn,
  phone,
  "pl-pesel": plPesel,
  "se-personnummer": sePersonnummer,
  "private-key": privateKey,
  secret,
  "tw-id": twId,
  "url-password": urlPassword,
  "us-ssn": usSsn,
};

/** @throws AjarError BAD_RULE_DATA */
export function validatorNamed(name: string): Validator {
  const found = Object.hasOwn(VALIDATORS, name) ? VALIDATORS[name] : undefined;
  if (found === undefined) throw new AjarError("BAD_RULE_DATA", `there is no validator ${name}`, { subject: "rules/patterns" });
  return found;
}
