// Made-up releases whose license statements only look as if they contradicted each other.
import { MIT } from "./made-up.ts";
import { APACHE, BY, BY_NC, GPL3, OWN_TERMS, type StatementFixture, weights } from "./statement-parts.ts";

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
    name: "a choice of which one text is there",
    files: {
      LICENSE: MIT,
      "README.md": "# Tern\n\n## License\nTern is dual-licensed under the MIT license or the GPL-3.0 license.\n",
      "package.json": '{ "name": "tern", "license": "(MIT OR Apache-2.0)" }\n',
    },
    wrong: [],
  },
  {
    name: "a second license in a sentence of its own",
    files: {
      LICENSE: MIT,
      "README.md": "# Tern\n\n## License\nTern is licensed under the MIT License. It is also available under the Apache 2.0 license.\n",
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
    name: "a table of models whose licenses lie in a folder, below the code's license",
    files: {
      LICENSE: APACHE,
      "README.md":
        "# Oriole\n\n| Name | Use | License |\n|---|---|---|\n| Oriole [quick] | text to image | [CC-BY-4.0](model_licenses/LICENSE-ORIOLE-quick) |\n| Oriole [dev] | text to image | [CC-BY-NC-4.0](model_licenses/LICENSE-ORIOLE-dev) |\n\nModel weights: https://huggingface.co/acme/oriole\n\nThe code is licensed under the Apache 2.0 license.\n",
      "model_licenses/LICENSE-ORIOLE-quick": BY,
      "model_licenses/LICENSE-ORIOLE-dev": BY_NC,
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
