// Made-up releases that no rule was written for: traps of real releases in other words, English and Chinese, one a situation.
import { readFileSync } from "node:fs";
import { MIT } from "../components/made-up.ts";
import { type Files, safetensors } from "./made-up-releases.ts";

export interface Fresh {
  readonly name: string;
  readonly files: Files;
  readonly word: "open" | "ajar" | "shut" | "unknown";
  /** component -> `availability/openness` */
  readonly components: Readonly<Record<string, string>>;
  /** Rules of findings that must be reported. */
  readonly findings?: readonly string[];
  /** Rules of findings that must not. */
  readonly noFindings?: readonly string[];
}

const APACHE = readFileSync(new URL("../../LICENSE", import.meta.url), "utf8");
const MODEL_PY = "import torch.nn as nn\n\nclass Block(nn.Module):\n    pass\n";
const RUN_PY = "import torch\nfrom model import Block\n\ndef sample(prompt):\n    return Block().generate(prompt)\n";
const TRAIN_PY = "for batch in data:\n    loss = net(batch)\n    loss.backward()\n    optimizer.step()\n";
const SAFETENSORS = safetensors("w", [2]);
const CARD = "library_name: transformers\npipeline_tag: text-generation\n";

export const freshReleases: readonly Fresh[] = [
  {
    name: "code under MIT, weights on another host under terms in a bullet",
    files: {
      LICENSE: MIT,
      "model.py": MODEL_PY,
      "generate.py": RUN_PY,
      "README.md":
        "# Curlew\n\nCurlew-3B answers questions about tides. Get the weights from [the hub](https://huggingface.co/seaside/curlew-3b).\n\n## Terms\n\n- Code: MIT.\n- Weights: [CC BY-NC-SA 4.0](https://creativecommons.org/licenses/by-nc-sa/4.0/).\n",
    },
    word: "ajar",
    components: {
      weights: "elsewhere/restricted",
      "architecture-code": "found/open",
      "inference-code": "found/open",
      "training-code": "absent/unknown",
    },
  },
  {
    name: "only an Apache text, weights on Kaggle under terms nobody names",
    files: {
      LICENSE: APACHE,
      "plover/model.py": MODEL_PY,
      "scripts/run.py": RUN_PY,
      "README.md":
        "# Plover in PyTorch\n\nThe official PyTorch code of the Plover models. Download checkpoints from https://www.kaggle.com/models/shore/plover/pyTorch and point `CKPT` at them.\n",
    },
    word: "ajar",
    components: { weights: "elsewhere/unknown", "architecture-code": "found/open" },
  },
  {
    name: "a license file that is an address",
    files: {
      LICENSE: "See https://shore.example/legal/model-terms for the terms that apply.\n",
      "model.py": MODEL_PY,
      "config.json": '{"architectures": ["GodwitForCausalLM"]}',
      "README.md": "# Godwit\n\nGodwit is a 2B language model; weights: https://huggingface.co/shore/godwit-2b\n",
    },
    word: "ajar",
    components: { weights: "elsewhere/unknown", "architecture-code": "found/unknown" },
    findings: ["licenses/pointer-only"],
  },
  {
    name: "front matter against the text beside it",
    files: {
      LICENSE: MIT,
      "README.md": `---\nlicense: cc-by-nc-4.0\n${CARD}---\n# Dunlin\n\nDunlin is a small language model. Weights are at https://huggingface.co/shore/dunlin.\n`,
      "model.py": MODEL_PY,
    },
    word: "ajar",
    components: { weights: "elsewhere/restricted" },
  },
  {
    name: "data under three names",
    files: {
      LICENSE: APACHE,
      DATA_LICENSE: "The data in this folder is under CC BY-NC 4.0.\n",
      "data/train_instructions.json": '[{"instruction": "sort", "output": "sorted"}]',
      "README.md":
        "# Knot\n\nKnot is a fine-tuned language model, weights at https://huggingface.co/shore/knot.\n\nThe dataset is released under ODC-By. The data is intended for research use only and is licensed under CC BY-NC 4.0.\n",
    },
    word: "ajar",
    components: { "training-data": "found/restricted" },
  },
  {
    name: "a text that is not what its file is called",
    files: {
      "LICENSE-CC-BY": MIT,
      "model.py": MODEL_PY,
      "README.md": "# Ruff\n\nRuff is a language model for river levels. Weights: https://huggingface.co/shore/ruff\n",
    },
    word: "ajar",
    components: { "architecture-code": "found/open" },
    findings: ["licenses/name-contradicts-text"],
  },
  {
    name: "MIT with a sentence that binds",
    files: {
      LICENSE: MIT.replace(
        "THE SOFTWARE IS PROVIDED",
        "The Software shall not be used by organisations with more than one hundred employees without a separate agreement.\n\nTHE SOFTWARE IS PROVIDED",
      ),
      "model.py": MODEL_PY,
      "README.md": "# Stint\n\nStint is a speech recognition model.\n",
      "config.json": '{"architectures": ["StintModel"]}',
      "model.safetensors.index.json": '{"weight_map": {}}',
    },
    word: "shut",
    components: { "architecture-code": "found/unknown" },
    findings: ["licenses/modified"],
  },
  {
    name: "the license of what was copied in says nothing of the release",
    files: {
      "third_party/fastops/LICENSE": APACHE,
      "third_party/fastops/model.py": MODEL_PY,
      "model.py": MODEL_PY,
      "README.md": "# Whimbrel\n\nWhimbrel is our translation model. Weights: https://huggingface.co/shore/whimbrel\n",
    },
    word: "ajar",
    components: { "architecture-code": "found/unknown", weights: "elsewhere/unknown" },
  },
  {
    name: "words that must not count: a prompt, a comparison, advice, a denial",
    files: {
      LICENSE: "AVOCET RESEARCH TERMS\n\nYou may use the Model for academic research only. Commercial use is prohibited.\n",
      "README.md":
        "# Avocet\n\nAvocet is a chat model. It outperforms other open source models on our tests and is not open source itself.\n\n```\n<|system|> Avocet is an open-source model and helps everyone.\n```\n\nWe recommend that developers red-team the model before use. Weights: https://huggingface.co/shore/avocet\n",
    },
    word: "ajar",
    components: { weights: "elsewhere/unknown" },
    noFindings: ["claims/open-source-not-osi"],
  },
  {
    name: "open source by its own word, restricted by its license",
    files: {
      "README.md": `---\nlicense: cc-by-nc-4.0\n${CARD}---\n# Sanderling\n\nWe are open-sourcing Sanderling, a 7B chat model, today. Weights: https://huggingface.co/shore/sanderling-7b\n`,
    },
    word: "ajar",
    components: { weights: "elsewhere/restricted" },
    findings: ["claims/open-source-not-osi"],
  },
  {
    name: "weights by application",
    files: {
      LICENSE: APACHE,
      "README.md":
        "# Lapwing\n\nLapwing is a protein model. To obtain the weights, send the signed request form to lapwing@shore.example; access is granted after review by the team.\n",
      "infer/run_inference.py": RUN_PY,
    },
    word: "ajar",
    components: { weights: "gated/restricted", "inference-code": "found/open" },
  },
  {
    name: "weights in a bucket, a torrent and a Chinese cloud drive",
    files: {
      LICENSE: MIT,
      "README.md":
        "# Oystercatcher\n\nThe checkpoints can be copied with `gsutil cp -r gs://oystercatcher-release/checkpoints/large .` or fetched by magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567\n",
      "sample.py": RUN_PY,
    },
    word: "ajar",
    components: { weights: "elsewhere/unknown" },
  },
  {
    name: "中文：代码与权重分开许可，权重仅供学习",
    files: {
      LICENSE: APACHE,
      "model.py": MODEL_PY,
      "README.md":
        "# 白鹭 Bailu-6B\n\nBailu-6B 是一个面向法律咨询的对话模型，权重可从 [ModelScope](https://modelscope.cn/models/hetang/bailu-6b) 下载。\n\n## 许可\n\n代码以 Apache-2.0 许可发布；模型权重只允许用于非商业目的。\n",
    },
    word: "ajar",
    components: { "architecture-code": "found/open", weights: "elsewhere/unknown" },
  },
  {
    name: "中文：须先申请才能下载",
    files: {
      LICENSE: APACHE,
      "README.md": "# 苍鹭 Canglu\n\nCanglu 是一个医学问答模型。下载权重前请先填写申请表，审核通过后我们会通过邮件发送下载链接。\n",
      "web_demo.py": RUN_PY,
    },
    word: "ajar",
    components: { weights: "gated/restricted" },
  },
  {
    name: "中文：权重可直接下载，商用须登记",
    files: {
      LICENSE: APACHE,
      "README.md":
        "# 朱鹮 Zhuhuan\n\nZhuhuan 是一个写作模型，权重见 https://huggingface.co/hetang/zhuhuan 。学术用途可自由使用，如需商用，请填写问卷登记。\n",
      "chat.py": RUN_PY,
    },
    word: "ajar",
    components: { weights: "elsewhere/unknown" },
  },
  {
    name: "training code of one stage among the examples of a library",
    files: {
      LICENSE: APACHE,
      "examples/finetune/train.py": TRAIN_PY,
      "tern/model.py": MODEL_PY,
      "README.md": "# Tern toolkit\n\nA toolkit to serve and fine-tune your own models.\n",
    },
    word: "unknown",
    components: { "training-code": "absent/unknown", "architecture-code": "found/open" },
  },
  {
    name: "a data set as pointers, a card that describes it",
    files: {
      "README.md":
        "---\nlicense: cc-by-4.0\ntask_categories: [text-generation]\nsize_categories: [1M<n<10M]\n---\n# Harbour letters\n\nLetters collected from public archives between 1900 and 1950, deduplicated and filtered by language.\n",
      "data/train-00000.parquet":
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n",
    },
    word: "unknown",
    components: { "training-data": "found/open", "data-card": "found/open", weights: "absent/unknown" },
  },
  {
    name: "two licenses to choose from",
    files: {
      "LICENSE-MIT": MIT,
      "LICENSE-APACHE": APACHE,
      "model.py": MODEL_PY,
      "README.md":
        "# Turnstone\n\nTurnstone is a code model, licensed under MIT or Apache-2.0 at your option. Weights: https://huggingface.co/shore/turnstone\n",
    },
    word: "ajar",
    components: { "architecture-code": "found/open" },
    noFindings: ["licenses/conflict"],
  },
  {
    name: "weights that are only to be had through a service",
    files: {
      "README.md":
        "# Redshank\n\nRedshank is a 400B language model. It is only available through our API at https://redshank.example/api.\n",
      "client.py": "import requests\n\ndef ask(q):\n    return requests.post('https://redshank.example/api', json={'q': q})\n",
    },
    word: "shut",
    components: { weights: "absent/unknown" },
  },
  {
    name: "other people's weights in the list of thanks",
    files: {
      LICENSE: MIT,
      "README.md":
        "# Snipe\n\nSnipe is a segmentation model trained on our own scans.\n\n## Acknowledgements\n\nWe thank the authors of [Egret](https://huggingface.co/others/egret) whose weights we compared with.\n",
      "train.py": TRAIN_PY,
      "model.py": MODEL_PY,
    },
    word: "shut",
    components: { weights: "absent/unknown", "training-code": "found/open" },
  },

  {
    name: "an open license with the weights left out of it",
    files: {
      LICENSE: APACHE,
      "README.md":
        "# Bittern\n\nBittern is a music model, weights at https://huggingface.co/shore/bittern.\n\nThis repository is licensed under Apache-2.0, except for the model weights, which may only be used for evaluation.\n",
      "model.py": MODEL_PY,
    },
    word: "ajar",
    components: { "architecture-code": "found/open", weights: "elsewhere/unknown" },
  },
  {
    name: "a license for small companies only",
    files: {
      "README.md": `---\nlicense: mit\n${CARD}---\n# Crake\n\nCrake is a tool-using language model.\n\nThe model may be used free of charge by companies with fewer than 50 employees; all others need a commercial license.\n`,
      "config.json": '{"architectures": ["CrakeForCausalLM"]}',
      "model.safetensors": SAFETENSORS,
    },
    word: "ajar",
    components: { weights: "found/unknown" },
  },
  {
    name: "terms of its own behind a card's link that leads nowhere",
    files: {
      "README.md": `---\nlicense: other\nlicense_name: heron-terms\nlicense_link: LICENSE\n${CARD}---\n# Night heron\n\nNight heron is a summarisation model.\n`,
      "config.json": '{"architectures": ["HeronForCausalLM"]}',
      "model.safetensors": SAFETENSORS,
    },
    word: "ajar",
    components: { weights: "found/unknown" },
  },
  {
    name: "繁體：開放授權加一條軍事限制",
    files: {
      LICENSE: APACHE,
      "README.md":
        "# 夜鷺 Yelu\n\nYelu 是一個繁體中文對話模型，權重見 https://huggingface.co/wetland/yelu 。\n\n## 授權\n\n程式碼採用 Apache-2.0 授權。權重採用 Apache-2.0 授權，但禁止用於軍事用途。\n",
      "model.py": MODEL_PY,
    },
    word: "ajar",
    components: { "architecture-code": "found/open", weights: "elsewhere/unknown" },
  },
  {
    name: "data that is only to be had on request",
    files: {
      LICENSE: MIT,
      "README.md":
        "# Rail\n\nRail is a radiology model trained on 300k reports. The training data cannot be shared for reasons of privacy; it is available on reasonable request to the hospital. Weights: https://huggingface.co/clinic/rail\n",
      "train.py": TRAIN_PY,
      "model.py": MODEL_PY,
    },
    word: "ajar",
    components: { "training-data": "claimed/unknown", "training-code": "found/open", weights: "elsewhere/unknown" },
  },
  {
    name: "training code that the publisher keeps back, beside a script that evaluates",
    files: {
      LICENSE: APACHE,
      "eval/run_eval.py": "from harness import evaluate\n\nevaluate('coot', tasks=['mmlu'])\n",
      "README.md":
        "# Coot\n\nCoot is a math model (https://huggingface.co/shore/coot). The training code is not released.\n\n| benchmark | score |\n|---|---|\n| MMLU | 61.2 |\n| GSM8K | 55.0 |\n",
    },
    word: "ajar",
    components: { "training-code": "absent/unknown", "evaluation-code": "found/open", "evaluation-results": "found/open" },
  },
  {
    name: "a browser package with its weights",
    files: {
      "package.json": '{"name": "grebe", "version": "1.0.0", "license": "MIT"}',
      LICENSE: MIT,
      "dist/index.js":
        "import * as tf from '@tensorflow/tfjs';\nexport async function load() { const m = await tf.loadGraphModel('model/model.json'); return m.predict(tf.zeros([1])); }\n",
      "model/model.json":
        '{"format": "graph-model", "modelTopology": {}, "weightsManifest": [{"paths": ["group1-shard1of1.bin"], "weights": [{"name": "w", "shape": [1], "dtype": "float32"}]}]}',
      "model/group1-shard1of1.bin": new Uint8Array(4),
      "README.md": "# Grebe\n\nFinds grebes in photos.\n",
    },
    word: "ajar",
    components: { weights: "found/open", "inference-code": "found/open", "training-code": "absent/unknown" },
  },
  {
    name: "a fork that keeps the first publisher's card",
    files: {
      LICENSE: MIT,
      "README.md": "# My fine-tune\n\nFine-tuned from meta-llama/Llama-3.1-8B on my notes. The adapter is under MIT.\n",
      "adapter_config.json": '{"base_model_name_or_path": "meta-llama/Llama-3.1-8B", "peft_type": "LORA"}',
      "adapter_model.safetensors": SAFETENSORS,
    },
    word: "ajar",
    components: { weights: "found/open", "training-code": "absent/unknown" },
  },
  {
    name: "a claim of open data that is a promise",
    files: {
      LICENSE: APACHE,
      "README.md":
        "# Teal\n\nTeal is a weather model; weights: https://huggingface.co/shore/teal. The training data will be open sourced in autumn.\n",
      "model.py": MODEL_PY,
    },
    word: "ajar",
    components: { "training-data": "absent/unknown", weights: "elsewhere/unknown" },
  },
  {
    name: "intermediate checkpoints in a table, in Chinese",
    files: {
      LICENSE: APACHE,
      "README.md":
        "# 鹈鹕 Tihu\n\nTihu 是一个 1B 语言模型，权重见 https://huggingface.co/wetland/tihu 。我们公开了训练过程中的全部检查点。\n\n| 步数 | 链接 |\n|---|---|\n| 10k | https://huggingface.co/wetland/tihu/tree/step10000 |\n| 20k | https://huggingface.co/wetland/tihu/tree/step20000 |\n",
    },
    word: "ajar",
    components: { "weights-intermediate": "elsewhere/unknown", weights: "elsewhere/unknown" },
  },
];
