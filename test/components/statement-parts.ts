// What made-up releases with license statements are made of.
import type { SourceKind } from "../../src/core/source.ts";
import { spdxText } from "../licenses/texts.ts";
import { type MadeUpFile, MIT } from "./made-up.ts";

export interface StatementFixture {
  readonly name: string;
  readonly files: Readonly<Record<string, MadeUpFile>>;
  readonly kind?: SourceKind;
  readonly ref?: string;
  /** Findings about licenses but for those told as information: rule, then the places cited, as `path:line`. Empty: none. */
  readonly wrong: readonly (readonly [rule: string, ...places: string[]])[];
  /** Rules told as information. */
  readonly told?: readonly string[];
}

export const APACHE = spdxText("Apache-2.0");
export const GPL3 = spdxText("GPL-3.0-only");
export const BY_NC = spdxText("CC-BY-NC-4.0");
export const BY = spdxText("CC-BY-4.0");

export const OWN_TERMS = `PETREL MODEL LICENSE

1. Grant. Subject to the conditions of this Agreement, the Licensor grants you a non-exclusive license to use, reproduce and distribute the Model.
2. Conditions. You must give recipients a copy of this Agreement and keep all copyright notices.
3. Use. You shall not use the Model for surveillance of natural persons. If your products have more than 5 million monthly active users, you must request
a license from the Licensor.
4. Warranty. The Model is provided without warranty of any kind; the Licensor is not liable for any damages.
5. Termination. This Agreement terminates when you breach it.
`;

export const WITH_CONDITION = MIT.replace(
  "THE SOFTWARE IS",
  "If the Software is used by more than one million users, you must display the name Acme.\n\nTHE SOFTWARE IS",
);

export const weights = { "model.safetensors": null, "config.json": "{}" } as const;
