// Tiny made-up models, one a situation of licenses. All prose is this project's own.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { safetensors } from "../acceptance/made-up-releases.ts";

const apache = readFileSync(new URL("../../LICENSE", import.meta.url), "utf8");

/** A model's files: weights, a config, and a card with this front matter and these sentences. */
function model(
  frontMatter: string,
  more: Readonly<Record<string, string>> = {},
  prose = "",
): Readonly<Record<string, string | Uint8Array>> {
  return {
    "README.md": `---\n${frontMatter}\n---\n# Wren\n\nWren is a small language model.\n${prose}`,
    "config.json": '{"architectures": ["WrenForCausalLM"], "model_type": "wren"}\n',
    "model.safetensors": safetensors("wren.weight", [2, 2]),
    ...more,
  };
}

export const RELEASES = {
  apache: model("license: apache-2.0", { LICENSE: apache }),
  "llama-derived": model("license: llama2\nbase_model: meta-llama/Llama-2-7b-hf"),
  "llama-relabelled": model("license: apache-2.0\nbase_model: meta-llama/Llama-2-7b-hf", { LICENSE: apache }),
  "gemma-derived": model("license: gemma\nbase_model: google/gemma-7b"),
  openrail: model("license: creativeml-openrail-m"),
  "cc-by-nc": model("license: cc-by-nc-4.0"),
  unknown: model("license: other"),
  silent: model("language: en"),
  "chinese-custom": model("language: zh", {
    LICENSE:
      "雀鸟模型许可协议\n\n一、许可方授予您免费使用本模型的权利，仅限于学术研究目的。\n二、未经许可方书面同意，不得将本模型用于任何商业用途。\n三、您在分发本模型时应当附上本协议。\n",
  }),
  disputed: model("license: cc-by-nc-4.0", { LICENSE: apache }),
  "apache-from-unknown": model("license: apache-2.0\nbase_model: nobody/secret-model", { LICENSE: apache }),
  hunyuan: model("license: other\nlicense_name: tencent-hunyuan-community\nbase_model: tencent/Tencent-Hunyuan-Large"),
  stability: model("license: other\nbase_model: stabilityai/stable-diffusion-3-medium"),
} as const;

/** Writes a release into a new folder and returns its path. */
export function write(name: keyof typeof RELEASES): string {
  const folder = mkdtempSync(join(tmpdir(), `ajar-use-${name}-`));
  for (const [path, content] of Object.entries(RELEASES[name])) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
