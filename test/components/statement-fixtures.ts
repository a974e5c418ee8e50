// Made-up releases whose license statements contradict each other, and as many whose statements only look as if they did.
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

const APACHE = spdxText("Apache-2.0");
const GPL3 = spdxText("GPL-3.0-only");
const BY_NC = spdxText("CC-BY-NC-4.0");
const BY = spdxText("CC-BY-4.0");

const OWN_TERMS = `PETREL MODEL LICENSE

1. Grant. Subject to the conditions of this Agreement, the Licensor grants you a non-exclusive license to use, reproduce and distribute the Model.
2. Conditions. You must give recipients a copy of this Agreement and keep all copyright notices.
3. Use. You shall not use the Model for surveillance of natural persons. If your products have more than 5 million monthly active users, you must request
a license from the Licensor.
4. Warranty. The Model is provided without warranty of any kind; the Licensor is not liable for any damages.
5. Termination. This Agreement terminates when you breach it.
`;

const WITH_CONDITION = MIT.replace(
  "THE SOFTWARE IS",
  "If the Software is used by more than one million users, you must display the name Acme.\n\nTHE SOFTWARE IS",
);

const weights = { "model.safetensors": null, "config.json": "{}" } as const;

export const contradicting: readonly StatementFixture[] = [
  {
    name: "three licenses for one data set",
    files: {
      LICENSE: MIT,
      LICENSE_DATA: BY_NC,
      "README.md": "# Plover\n\nThe code is under the MIT License. The dataset is CC BY-NC 4.0.\n",
      "MODEL_CARD.md": "# Model card\n\n## License\nCode and data are licensed under the MIT license.\n",
      "datasheet.md":
        "# Datasheet\n\n## Distribution\nThis dataset is distributed under the [ODbL](https://opendatacommons.org/licenses/odbl/1-0/) license.\n",
    },
    wrong: [
      ["licenses/conflict", "LICENSE_DATA:1", "MODEL_CARD.md:4"],
      ["licenses/conflict", "LICENSE_DATA:1", "datasheet.md:4"],
      ["licenses/conflict", "MODEL_CARD.md:4", "datasheet.md:4"],
    ],
    told: [],
  },
  {
    name: "a card that calls a public license proprietary",
    files: { LICENSE: BY, "MODEL_CARD.md": "# Model card\n\n- **License:** [Proprietary](LICENSE)\n" },
    wrong: [["licenses/link-contradicts-text", "MODEL_CARD.md:3", "LICENSE:1"]],
  },
  {
    name: "front matter against the license file beside it",
    files: { LICENSE: APACHE, "README.md": "---\nlicense: bigscience-openrail-m\nlanguage: [en]\n---\n# Wagtail\nA model card.\n" },
    wrong: [["licenses/conflict", "LICENSE:1", "README.md:2"]],
  },
  {
    name: "a folder whose README names one license and links to the text of another, and to a policy that is not there",
    files: {
      LICENSE: MIT,
      "README.md": "# Aviary\nTools for models.\n",
      "guard-2/README.md":
        "# Aviary Guard 2\n\n# License\nThe same license as Llama 3 applies: see the [LICENSE](../LICENSE) file, as well as our accompanying [Acceptable Use Policy](USE_POLICY.md).\n",
    },
    wrong: [
      ["licenses/link-contradicts-text", "guard-2/README.md:4", "LICENSE:1"],
      ["licenses/policy-missing", "guard-2/README.md:4"],
    ],
  },
  {
    name: "a model license agreement whose text is the GPL",
    files: { "README.md": "# Crane\n", MODEL_LICENSE_AGREEMENT: GPL3, "crane/model.py": null },
    wrong: [["licenses/name-contradicts-text", "MODEL_LICENSE_AGREEMENT:1"]],
  },
  {
    name: "a file named after another license",
    files: { "README.md": "# Crane\n", LICENSE: APACHE, "licenses/gemma_license.txt": MIT },
    wrong: [["licenses/name-contradicts-text", "licenses/gemma_license.txt:1"]],
  },
  {
    name: "old news of an agreement that the file no longer holds",
    files: {
      LICENSE: APACHE,
      "README.md": "# Osprey\n\n## News\n- 2024-01-05: The Osprey Models Community License Agreement is updated to [v3](LICENSE).\n",
    },
    wrong: [["licenses/link-contradicts-text", "README.md:4", "LICENSE:1"]],
  },
  {
    name: "a badge against the license file",
    files: { LICENSE: GPL3, "README.md": "# Dipper\n\n![License](https://img.shields.io/badge/License-MIT-green.svg)\n\nA toolkit.\n" },
    wrong: [
      ["licenses/conflict", "LICENSE:1", "README.md:3"],
      ["licenses/permissive-label-without-text", "README.md:3"],
    ],
  },
  {
    name: "package metadata against the license file",
    files: { LICENSE: APACHE, "README.md": "# Dipper\n", "pyproject.toml": '[project]\nname = "dipper"\nlicense = "GPL-3.0-only"\n' },
    wrong: [["licenses/conflict", "LICENSE:1", "pyproject.toml:3"]],
  },
  {
    name: "a card id against Chinese prose",
    files: {
      LICENSE: APACHE,
      "README.md": "---\nlicense: apache-2.0\n---\n# 鹡鸰\n\n## 协议\n模型权重采用 CC BY-NC 4.0 协议。\n",
      ...weights,
    },
    kind: "hub-model",
    ref: "hf:acme/wagtail",
    wrong: [["licenses/conflict", "README.md:2", "README.md:7"]],
  },
  {
    name: "the host's record against the card",
    files: {
      "@host/model-info.json": JSON.stringify({ kind: "model", license: "gpl-3.0" }),
      LICENSE: APACHE,
      "README.md": "---\nlicense: apache-2.0\n---\n# Tern\n",
      ...weights,
    },
    kind: "hub-model",
    ref: "hf:acme/tern",
    wrong: [
      ["licenses/conflict", "LICENSE:1", "@host/model-info.json"],
      ["licenses/label-without-text", "@host/model-info.json"],
    ],
  },
  {
    name: "limits in words under an open id",
    files: {
      LICENSE: BY,
      "README.md": "---\nlicense: cc-by-4.0\n---\n# Tern\n\nThe model weights may be used for non-commercial research only.\n",
      ...weights,
    },
    kind: "hub-model",
    ref: "hf:acme/tern",
    wrong: [["licenses/conflict", "README.md:2", "README.md:6"]],
  },
  {
    name: "an id whose license file has a condition added",
    files: { LICENSE: WITH_CONDITION, "README.md": "---\nlicense: mit\n---\n# Tern\n", ...weights },
    kind: "hub-model",
    ref: "hf:acme/tern",
    wrong: [
      ["licenses/conflict", "LICENSE:1", "README.md:2"],
      ["licenses/modified", "LICENSE:1"],
      ["licenses/permissive-label-without-text", "README.md:2"],
    ],
  },
  {
    name: "an id whose license file is a text of the publisher's own",
    files: { LICENSE: OWN_TERMS, "README.md": "---\nlicense: apache-2.0\n---\n# Petrel\n", ...weights },
    kind: "hub-model",
    ref: "hf:acme/petrel",
    wrong: [
      ["licenses/conflict", "README.md:2", "LICENSE:1"],
      ["licenses/permissive-label-without-text", "README.md:2"],
    ],
  },
  {
    name: "a family's id beside a text of another family",
    files: { LICENSE: MIT, "README.md": "---\nlicense: bsd\n---\n# Tern\n", ...weights },
    kind: "hub-model",
    ref: "hf:acme/tern",
    wrong: [
      ["licenses/conflict", "LICENSE:1", "README.md:2"],
      ["licenses/family-id", "README.md:2"],
    ],
  },
  {
    name: "`other` and nothing else",
    files: { "README.md": "---\nlicense: other\n---\n# Tern\n", ...weights },
    kind: "hub-model",
    ref: "hf:acme/tern",
    wrong: [["licenses/unnamed", "README.md:2"]],
  },
  {
    name: "a non-commercial license called an open source license",
    files: { LICENSE: BY_NC, "README.md": "# Petrel\n\nThe model weights are released under the [Petrel Open Source License](LICENSE).\n" },
    wrong: [["licenses/called-open-source", "README.md:3", "LICENSE:1"]],
  },
  {
    name: "the same in Chinese",
    files: { LICENSE: BY_NC, "README.md": "# 海燕\n\n请遵守[开源协议](LICENSE)使用本模型。\n" },
    wrong: [["licenses/called-open-source", "README.md:3", "LICENSE:1"]],
  },
  {
    name: "a license file that is only spoken of",
    files: { "README.md": "# Tern\n\nFor the terms see the LICENSE file.\n", "tern/model.py": null },
    wrong: [["licenses/file-missing", "README.md:3"]],
  },
  {
    name: "two languages, two licenses",
    files: {
      LICENSE: MIT,
      "README.md": "# Tern\n\n## License\nThis project is licensed under the MIT License.\n",
      "README_zh.md": "# Tern\n\n## 许可证\n本项目采用 GPL-3.0 许可证。\n",
    },
    wrong: [["licenses/conflict", "LICENSE:1", "README_zh.md:4"]],
  },
  {
    name: "two license files of the same name",
    files: { LICENSE: MIT, "LICENSE.md": GPL3, "README.md": "# Tern\n" },
    wrong: [["licenses/conflict", "LICENSE:1", "LICENSE.md:1"]],
  },
  {
    name: "two content licenses for the same weights",
    files: {
      "README.md": "# Tern\n\n## License\nThe model weights are licensed under CC-BY-SA-4.0.\n",
      "MODEL_CARD.md": "# Model card\n\n## Model details\n- License: CC-BY-4.0\n",
    },
    wrong: [["licenses/conflict", "MODEL_CARD.md:4", "README.md:4"]],
  },
  {
    name: "a label that asks for its text and a notice, with neither",
    files: { "README.md": "---\nlicense: gemma\n---\n# Fine-tuned\n", ...weights },
    kind: "hub-model",
    ref: "hf:somebody/fine-tuned",
    wrong: [
      ["licenses/label-without-text", "README.md:2"],
      ["licenses/notice-missing", "README.md:2"],
    ],
  },
  {
    name: "a ban on use beside a license that grants it",
    files: { LICENSE: APACHE, "README.md": "# 山雀\n\n版权所有 © 2024 山雀科技。未经书面授权，不得复制、转载或使用。\n" },
    wrong: [["licenses/conflict", "LICENSE:1", "README.md:3"]],
  },
  {
    name: "one sentence that names a license and links to the text of another",
    files: { LICENSE: GPL3, "README.md": "# Tern\n\nTern is released under the [Apache License 2.0](LICENSE).\n" },
    wrong: [["licenses/link-contradicts-text", "README.md:3", "LICENSE:1"]],
  },
  {
    name: "commercial use on application, under an open id, in Traditional Chinese",
    files: {
      LICENSE: APACHE,
      "README.md": "---\nlicense: apache-2.0\n---\n# 藍鵲\n\n模型可免費商用，請填寫問卷登記。\n",
      ...weights,
    },
    kind: "hub-model",
    ref: "hf:acme/magpie",
    wrong: [["licenses/conflict", "README.md:2", "README.md:6"]],
  },
];

export const agreeing: readonly StatementFixture[] = [
  {
    name: "code and weights under licenses of their own, said in words",
    files: {
      "LICENSE-CODE": MIT,
      "LICENSE-MODEL": OWN_TERMS,
      "README.md":
        "# Petrel\n\n## License\nThe code is licensed under the [MIT License](LICENSE-CODE). Use of the Petrel model weights is subject to the [Model License](LICENSE-MODEL).\n",
    },
    wrong: [],
    told: ["licenses/split"],
  },
  {
    name: "two licenses to choose from",
    files: {
      "LICENSE-MIT": MIT,
      "LICENSE-APACHE": APACHE,
      "README.md":
        "# Tern\n\n## License\nLicensed under either of [Apache License 2.0](LICENSE-APACHE) or [MIT license](LICENSE-MIT) at your option.\n",
      "Cargo.toml": '[package]\nname = "tern"\nlicense = "MIT OR Apache-2.0"\n',
    },
    wrong: [],
  },
  {
    name: "a folder with a license of its own",
    files: {
      LICENSE: APACHE,
      "README.md": "# Tern\n\nThis project is licensed under the Apache License 2.0.\n",
      "corpus/LICENSE": BY_NC,
      "corpus/README.md": "# Corpus\n\nThe data is licensed under CC BY-NC 4.0.\n",
    },
    wrong: [],
  },
  {
    name: "vendored work under other licenses",
    files: { LICENSE: MIT, "README.md": "# Tern\n\nMIT licensed.\n", "third_party/kernels/LICENSE": GPL3, "vendor/fast/LICENSE": APACHE },
    wrong: [],
  },
  {
    name: "base and chat models under licenses of their own",
    files: {
      LICENSE: APACHE,
      "README.md":
        "# Grebe\n\n## License\n- All code in this repository is licensed under the Apache License 2.0.\n- Base model checkpoints (`Grebe-Base`) are licensed under CC BY-SA-4.0.\n- Fine-tuned checkpoints (`Grebe-Chat`) are licensed under CC BY-NC-SA-4.0.\n",
    },
    wrong: [],
    told: ["licenses/split", "licenses/by-model"],
  },
  {
    name: "two archives of weights under terms of their own, below a library's license",
    files: {
      LICENSE: APACHE,
      "README.md":
        "# Siskin\n\nImportant:\n- `siskin-code-22B-v0.2.tar` has a custom non-commercial license, called [CC BY-NC 4.0](https://creativecommons.org/licenses/by-nc/4.0/)\n- `siskin-large-2407.tar` is released under the CC BY-NC-SA-4.0 license\n\n## License\nThis library is licensed under the Apache 2.0 License. See the [LICENCE](./LICENCE) file.\n",
    },
    wrong: [],
    told: ["licenses/split", "licenses/by-model"],
  },
  {
    name: "a table of data sets, each with its license",
    files: {
      LICENSE: APACHE,
      "README.md":
        "# Tern\n\nLicensed under the Apache License 2.0.\n\n## Training data\n\n| Subset | Rows | License |\n|---|---|---|\n| Birdsong | 10k | CC-BY-NC-4.0 license |\n| Fieldnotes | 20k | MIT license |\n| Atlas | 5k | CC-BY-4.0 license |\n",
    },
    wrong: [],
  },
  {
    name: "an id for the weights and a license file that the README gives to the code",
    files: {
      LICENSE: APACHE,
      "README.md":
        "---\nlicense: cc-by-nc-4.0\nlanguage: [en]\n---\n# Tern\n\n## License\nThe code is licensed under the Apache 2.0 license, the model weights under CC-BY-NC-4.0.\n",
    },
    wrong: [],
    told: ["licenses/split"],
  },
  {
    name: "a license that was given up",
    files: {
      LICENSE: MIT,
      "README.md":
        "# Tern\n\n- 2024-03: relicensed from GPL-3.0 to MIT.\n\nTern was previously licensed under the GPL-3.0 license. Tern is licensed under the MIT License.\n",
    },
    wrong: [],
  },
  {
    name: "somebody else's license, for comparison",
    files: {
      LICENSE: MIT,
      "README.md": "# Tern\n\nUnlike Kestrel, which is released under the CC-BY-NC-4.0 license, Tern is licensed under the MIT License.\n",
    },
    wrong: [],
  },
  {
    name: "comparisons and data sets in Chinese",
    files: {
      LICENSE: APACHE,
      "README.md":
        "---\nlicense: apache-2.0\nlanguage: [zh]\n---\n# 山雀\n\n本模型采用 Apache 2.0 协议。与采用 CC BY-NC 4.0 协议的模型不同，山雀可自由商用，无需申请。训练数据集采用 CC BY 4.0 协议。\n",
    },
    wrong: [],
    told: ["licenses/split"],
  },
  {
    name: "a GNU license with and without later versions",
    files: {
      LICENSE: GPL3,
      "README.md": "---\nlicense: gpl-3.0\n---\n# Tern\n\nTern is licensed under the GPL-3.0-or-later license.\n",
      ...weights,
    },
    kind: "hub-model",
    ref: "hf:acme/tern",
    wrong: [],
  },
  {
    name: "a license file that holds two texts",
    files: {
      LICENSE: `${APACHE}\n\nParts are taken from Kestrel:\n\n${MIT}`,
      "README.md": "# Tern\n\nThis codebase is licensed under the Apache 2.0 license.\n",
    },
    wrong: [],
  },
  {
    name: "tags in single files",
    files: {
      LICENSE: MIT,
      "README.md": "# Tern\n\nThis project is licensed under the MIT License.\n",
      "tern/attention.py": "# SPDX-License-Identifier: Apache-2.0\nclass Attention: pass\n",
    },
    kind: "folder",
    wrong: [["licenses/permissive-label-without-text", "tern/attention.py:1"]],
  },
  {
    name: "a question in a data sheet",
    files: {
      LICENSE: BY,
      "datasheet.md":
        "# Datasheet\n\n### Will the dataset be distributed under a license such as CC-BY-NC-4.0?\nThe dataset is distributed under the CC-BY-4.0 license.\n\nWill it be under the MIT license?\n",
      "README.md": "# Corpus\n",
    },
    wrong: [],
  },
  {
    name: "contributions and compatibility",
    files: {
      LICENSE: MIT,
      "README.md":
        "# Tern\n\nBy contributing, you agree that your contributions will be licensed under the Apache 2.0 license. The MIT License is compatible with the GPL-3.0 license.\n",
    },
    wrong: [],
  },
  {
    name: "`other` with a name and a link to the publisher's own text",
    files: {
      LICENSE: OWN_TERMS,
      "README.md":
        "---\nlicense: other\nlicense_name: petrel-model-license\nlicense_link: LICENSE\n---\n# Petrel\n\nThe weights are released under the Petrel Model License.\n",
      ...weights,
    },
    kind: "hub-model",
    ref: "hf:acme/petrel",
    wrong: [],
  },
  {
    name: "a license inside a code block and in a list of other projects",
    files: {
      LICENSE: MIT,
      "README.md":
        "# Tern\n\nTern is licensed under the MIT License.\n\n```\nSystem: you are licensed under CC-BY-NC-4.0.\n```\n\n## Related projects\n- Kestrel is licensed under the GPL-3.0 license.\n",
      "awesome-tern.md": "# Awesome\n\nThis project is licensed under the CC0-1.0 license.\n",
    },
    wrong: [],
  },
  {
    name: "a list of ids, one of them the license file",
    files: { LICENSE: APACHE, "README.md": "---\nlicense: [apache-2.0, cc-by-4.0]\n---\n# Tern\n", ...weights },
    kind: "hub-model",
    ref: "hf:acme/tern",
    wrong: [],
  },
  {
    name: "a split said in Traditional Chinese",
    files: {
      LICENSE: MIT,
      MODEL_LICENSE: OWN_TERMS,
      "README.md": "# 藍鵲\n\n## 授權\n程式碼以 MIT 授權條款開源，模型權重的使用需遵循 [模型授權](MODEL_LICENSE)。\n",
    },
    wrong: [],
    told: ["licenses/split"],
  },
  {
    name: "an offer of paid support",
    files: {
      LICENSE: APACHE,
      "README.md":
        "---\nlicense: apache-2.0\n---\n# Tern\n\nTern is free for commercial use. For commercial support, please contact us.\n\n商务合作请联系我们。\n",
      ...weights,
    },
    kind: "hub-model",
    ref: "hf:acme/tern",
    wrong: [],
  },
  {
    name: "a part taken from elsewhere under its own license",
    files: {
      LICENSE: APACHE,
      "README.md":
        "---\nlicense: apache-2.0\n---\n# Tern\n\nThe weights are licensed under Apache-2.0. The tokenizer is taken over from Kestrel and licensed under the MPL-2.0 license.\n",
      ...weights,
    },
    kind: "hub-model",
    ref: "hf:acme/tern",
    wrong: [],
  },
  {
    name: "versions side by side",
    files: {
      "README.md":
        "# Heron\n\n| Model | License |\n|---|---|\n| Heron 1 | [License](models/heron1/LICENSE) |\n| Heron 2 | [License](models/heron2/LICENSE) |\n",
      "models/heron1/LICENSE": BY_NC,
      "models/heron1/MODEL_CARD.md": "# Heron 1 model card\n\n**License:** CC-BY-NC-4.0\n",
      "models/heron2/LICENSE": BY,
      "models/heron2/MODEL_CARD.md": "# Heron 2 model card\n\n**License:** CC-BY-4.0\n",
    },
    wrong: [],
    told: ["licenses/by-model"],
  },
  {
    name: "a copyright line beside a license",
    files: { LICENSE: APACHE, "README.md": "# 山雀\n\n本项目采用 Apache 2.0 协议。\n\n版权所有 © 2024 山雀科技。All rights reserved.\n" },
    wrong: [],
  },
  {
    name: "`cc` beside a Creative Commons text is imprecise and contradicts nothing",
    files: { LICENSE: BY, "README.md": "---\nlicense: cc\n---\n# Tern\n", ...weights },
    kind: "hub-model",
    ref: "hf:acme/tern",
    wrong: [["licenses/family-id", "README.md:2"]],
  },
  {
    name: "a model built on a restricted one, which is said",
    files: {
      LICENSE: APACHE,
      "README.md":
        "# Falconet\n\nThe code is under the Apache 2.0 license. The Falconet weights are based on Gemma and subject to the [Gemma license](https://ai.google.dev/gemma/terms).\n",
    },
    wrong: [],
    told: ["licenses/split"],
  },
];
