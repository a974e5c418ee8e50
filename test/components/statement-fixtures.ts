// Made-up releases whose license statements contradict each other.
import { MIT } from "./made-up.ts";
import { APACHE, BY, BY_NC, GPL3, OWN_TERMS, type StatementFixture, WITH_CONDITION, weights } from "./statement-parts.ts";

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
    name: "two sentences of one paragraph",
    files: { "README.md": "# Knot\n\nThe dataset is released under ODC-By. The data is licensed under CC BY-NC 4.0.\n" },
    wrong: [["licenses/conflict", "README.md:3", "README.md:3"]],
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
