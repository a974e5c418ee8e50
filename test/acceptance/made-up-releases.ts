// Tiny made-up releases, one a situation, written by code where bytes matter. All prose is this project's own.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export type Files = Readonly<Record<string, string | Uint8Array>>;

const apache = readFileSync(new URL("../../LICENSE", import.meta.url), "utf8");

/** A safetensors file with one zero-filled F32 tensor of the given shape. */
export function safetensors(name: string, shape: readonly number[]): Uint8Array {
  const elements = shape.reduce((product, size) => product * size, 1);
  const header = Buffer.from(JSON.stringify({ [name]: { dtype: "F32", shape, data_offsets: [0, elements * 4] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(elements * 4)]);
}

const trainScript = `import torch
from data import batches
from model import Sparrow

def main(config):
    model = Sparrow(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=config["learning_rate"])
    for batch in batches(config["train_files"]):
        loss = model(batch).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    torch.save(model.state_dict(), config["output"])

if __name__ == "__main__":
    import yaml, sys
    main(yaml.safe_load(open(sys.argv[1])))
`;

const modelScript = `import torch
from torch import nn

class Sparrow(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embed = nn.Embedding(config["vocab_size"], config["hidden_size"])

    def forward(self, ids):
        return self.embed(ids)
`;

/** Weights, config and card under Apache-2.0; nothing about training. */
const openWeights: Files = {
  "README.md": `---
license: apache-2.0
library_name: transformers
---
# Sparrow 1M

Sparrow is a small text model. The weights in this repository are released under the Apache License 2.0.

## Intended use
Text completion in English. It has known limitations: it repeats itself.

## How to use
Load \`model.safetensors\` with any loader of that format.
`,
  LICENSE: apache,
  "config.json": `${JSON.stringify({ model_type: "sparrow", vocab_size: 16, hidden_size: 4, architectures: ["Sparrow"] }, null, 2)}\n`,
  "model.safetensors": safetensors("embed.weight", [16, 4]),
  "inference.py": `${modelScript}
@torch.inference_mode()
def generate(model, ids, steps):
    for _ in range(steps):
        ids = torch.cat([ids, model(ids).argmax(-1)[:, -1:]], dim=1)
    return ids
`,
};

/** Everything a person needs to make it again. */
const wholeRelease: Files = {
  ...openWeights,
  "README.md": `---
license: apache-2.0
datasets:
  - example/finch-corpus
---
# Sparrow 1M

Sparrow is an open source language model. All code, all weights, all checkpoints and all data in this repository are released under the
Apache License 2.0.

## Training data
Sparrow was trained on the Finch corpus, 12 million words of public domain books collected from https://books.invalid/finch, a public web archive. We kept books in English,
removed duplicate documents by MinHash and filtered lines with fewer than five words. The full list of sources is in data/SOURCES.md.

## Training
Trained with train.py and configs/sparrow-1m.yaml on one GPU for 2 GPU hours. Intermediate checkpoints are in checkpoints/.

## Evaluation
| task | accuracy |
| --- | --- |
| next word | 0.31 |

The evaluation script is eval/evaluate.py.
`,
  "train.py": trainScript,
  "model.py": modelScript,
  "data.py": "def batches(files):\n    for name in files:\n        with open(name) as lines:\n            yield from lines\n",
  "configs/sparrow-1m.yaml": "learning_rate: 0.001\ntrain_files: [data/train.jsonl]\noutput: model.pt\nvocab_size: 16\nhidden_size: 4\n",
  "data/prepare_data.py":
    "import json\n\ndef deduplicate(lines):\n    seen = set()\n    for line in lines:\n        if line not in seen:\n            seen.add(line)\n            yield json.dumps({'text': line})\n",
  "data/train.jsonl": '{"text": "the sparrow sat"}\n{"text": "the finch flew"}\n',
  "data/README.md":
    "# Data card: Finch corpus\n\nCollection: books in the public domain. Composition: 12 million words. Preprocessing: see prepare_data.py. License: Apache-2.0.\n",
  "data/SOURCES.md": "# Sources\n\n- https://books.invalid/finch/book-1\n- https://books.invalid/finch/book-2\n",
  "eval/evaluate.py":
    "from model import Sparrow\n\ndef accuracy(model, pairs):\n    right = sum(model(a).argmax() == b for a, b in pairs)\n    return right / len(pairs)\n",
  "eval/results.json": '{"next word": {"accuracy": 0.31}}\n',
  "checkpoints/step-1000/model.safetensors": safetensors("embed.weight", [16, 4]),
};

/** A license of the publisher's own with a user threshold, weights behind a form. */
const weightsAvailable: Files = {
  "README.md": `# Heron

Heron is a large language model. To download the weights, please fill in the request form at https://example.com/heron/request; once your request is
approved you will receive a signed URL by email.

The model weights and code are licensed under the Heron Community License, see LICENSE.

## Training data
Heron was trained on 2 trillion tokens from publicly available sources.
`,
  LICENSE: `HERON COMMUNITY LICENSE AGREEMENT

"Agreement" means the terms and conditions for use, reproduction, distribution and modification of Heron set forth herein. By downloading Heron you agree to be
bound by this Agreement.

1. License Rights. You are granted a non-exclusive, worldwide, royalty-free limited license to use, reproduce, distribute and modify Heron.
2. Additional Terms. If the monthly active users of your products exceed 10 million, you must request a license, which we may grant in our sole discretion.
3. You shall not use Heron or its outputs to improve any other large language model.
4. Disclaimer of Warranty. HERON IS PROVIDED ON AN "AS IS" BASIS, WITHOUT WARRANTIES OF ANY KIND.
5. Termination. We may terminate this Agreement if you are in breach of it.
`,
  "heron/model.py": modelScript,
  "heron/generation.py": "def generate(model, prompt):\n    return model(prompt)\n",
};

/** A card that says MIT, and nothing else. */
const cardOnly: Files = {
  "README.md": "---\nlicense: mit\n---\n# Wren\n\nWeights will be released soon.\n",
};

/** Chinese release: code and weights under different terms. */
const splitChinese: Files = {
  "README.md": `# 山雀 Shanque-7B

山雀是一个开源的双语对话语言模型，具有70亿参数，在1.2万亿 token 的中英文语料上训练。

## 模型权重下载
模型权重可在 https://huggingface.co/example/shanque-7b 下载。

## 协议
本仓库的代码依照 Apache-2.0 协议开源，模型权重的使用需要遵循 MODEL_LICENSE，仅限学术研究使用，禁止商业用途。
`,
  LICENSE: apache,
  MODEL_LICENSE: `山雀模型许可协议

1. 定义
"许可方"是指发布本模型的团队。"软件"是指根据本许可提供的模型参数。
2. 许可授予
许可方授予您非排他性的、全球性的、不可转让的、免版税的版权许可，仅限于非商业的学术研究用途。
3. 限制
您不得出于任何商业、军事或非法目的使用本软件。
4. 免责声明
本软件按"原样"提供，不提供任何明示或暗示的保证。
`,
  "web_demo.py": "import gradio\n\ndef predict(text):\n    return text\n",
};

export const madeUpReleases: Readonly<Record<string, Files>> = {
  "open-weights": openWeights,
  "whole-release": wholeRelease,
  "weights-available": weightsAvailable,
  "card-only": cardOnly,
  "split-chinese": splitChinese,
};

/** Writes a made-up release into a new temporary folder and returns its path. */
export function writeRelease(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), "ajar-release-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
