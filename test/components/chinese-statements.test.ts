import { describe, expect, it } from "vitest";
import { factsOf, type LicenseFact } from "../../src/core/fact.ts";
import { observe } from "./compare.ts";
import { madeUp } from "./made-up.ts";

/** What one sentence of a README says of licenses: `scopes: license`, with what else it is about. */
async function heardIn(sentence: string): Promise<readonly string[]> {
  const { facts } = await observe(madeUp({ "README.md": `# 山雀 Shanque\n\n## 协议\n${sentence}\n`, "shanque/model.py": null }));
  return factsOf(facts, "license").map(brief);
}

function brief({ covers, whole, license, match, stated, about, choice }: LicenseFact): string {
  const terms = match?.outcome === "unknown-license" ? match.restrictions.map(({ term }) => term).join("+") : null;
  const says = terms === null ? (license?.id ?? stated) : `terms ${terms}`;
  const scope = covers.length > 0 ? covers.join("+") : whole === true ? "all" : "?";
  return `${scope}: ${says}${about === undefined ? "" : ` (${about})`}${choice === undefined ? "" : " or"}`;
}

describe("statements in Simplified Chinese", () => {
  it.each([
    ["本模型采用 Apache 2.0 协议。", ["weights: Apache-2.0"]],
    ["本模型采用Apache-2.0协议开源。", ["weights: Apache-2.0"]],
    ["本项目基于 MIT 许可证开源。", ["code: MIT"]],
    ["代码以 MIT 许可证开源。", ["code: MIT"]],
    ["代码以 MIT 许可证开源，模型权重采用 CC BY-NC 4.0 协议。", ["code: MIT", "weights: CC-BY-NC-4.0"]],
    ["权重遵循 CC BY-NC-SA 4.0 协议。", ["weights: CC-BY-NC-SA-4.0"]],
    ["代码遵循 Apache License 2.0，数据集遵循 CC BY 4.0 许可协议。", ["code: Apache-2.0", "data: CC-BY-4.0"]],
    ["本仓库的代码采用木兰宽松许可证，第2版发布。", ["code: MulanPSL-2.0"]],
    ["代码采用 Mulan PSL v2 许可证。", ["code: MulanPSL-2.0"]],
    ["数据采用知识共享署名-非商业性使用-相同方式共享 4.0 国际许可协议。", ["data: CC-BY-NC-SA-4.0"]],
    ["数据采用知识共享署名 4.0 协议进行许可。", ["data: CC-BY-4.0"]],
    ["代码采用 GNU 通用公共许可证 第3版。", ["code: GPL-3.0"]],
    ["模型权重采用 MIT 或 Apache-2.0 双重许可，您可任选其一。", ["weights: MIT or", "weights: Apache-2.0 or"]],
    ["使用本模型须遵守《山雀模型社区许可协议》。", ["weights: 《山雀模型社区许可协议》"]],
    ["模型权重的使用遵循《山雀大模型商用许可协议》。", ["weights: 《山雀大模型商用许可协议》"]],
    ["代码由 GPL-3.0 改为 MIT 许可证。", ["code: MIT"]],
    ["Shanque-7B-Chat 权重采用 CC BY-NC 4.0 协议。", ["weights: CC-BY-NC-4.0 (7b-chat)"]],
    ["对话模型采用 CC BY-NC 4.0 协议。", ["weights: CC-BY-NC-4.0 (对话)"]],
  ])("%s", async (sentence, expected) => {
    expect(await heardIn(sentence)).toEqual(expected);
  });
});

describe("statements in Traditional Chinese", () => {
  it.each([
    ["本模型採用 Apache 2.0 授權條款。", ["weights: Apache-2.0"]],
    ["程式碼以 MIT 授權條款釋出。", ["code: MIT"]],
    ["模型權重遵循 CC BY-NC 4.0 授權。", ["weights: CC-BY-NC-4.0"]],
    ["本專案採用 BSD-3-Clause 授權。", ["code: BSD-3-Clause"]],
    ["資料集採用創用 CC 姓名標示-非商業性-相同方式分享 4.0 國際授權條款。", ["data: CC-BY-NC-SA-4.0"]],
    ["程式碼採用木蘭寬鬆許可證第2版。", ["code: MulanPSL-2.0"]],
    ["使用本模型須遵守《藍鵲模型授權協議》。", ["weights: 《藍鵲模型授權協議》"]],
  ])("%s", async (sentence, expected) => {
    expect(await heardIn(sentence)).toEqual(expected);
  });
});

describe("terms without a license's name", () => {
  it.each([
    ["可免费商用，请填写问卷登记。", ["weights: terms separate-commercial-license"]],
    ["本模型权重仅供学术研究使用。", ["weights: terms research-only"]],
    ["模型仅限非商业用途。", ["weights: terms non-commercial"]],
    ["禁止将本模型用于任何商业用途。", ["weights: terms non-commercial+field-of-use"]],
    ["模型权重不得用于商业用途。", ["weights: terms non-commercial+field-of-use"]],
    ["商业使用须向山雀科技申请授权。", ["weights: terms separate-commercial-license"]],
    ["模型對學術研究完全開放，商業使用請填寫申請表取得授權。", ["weights: terms separate-commercial-license"]],
    ["本模型僅供學術研究，不得商用。", ["weights: terms non-commercial+research-only"]],
    ["如需商用，请联系我们获取授权。", ["weights: terms separate-commercial-license"]],
    ["本数据集仅供科研使用，不得商用。", ["data: terms non-commercial+research-only"]],
  ])("%s", async (sentence, expected) => {
    expect(await heardIn(sentence)).toEqual(expected);
  });
});

describe("notices that grant nothing", () => {
  it.each([
    ["未经许可不得转载。", ["all: LicenseRef-All-Rights-Reserved"]],
    ["版权所有，未经书面授权不得复制或使用本项目内容。", ["all: LicenseRef-All-Rights-Reserved"]],
    ["版權所有，未經授權不得轉載。", ["all: LicenseRef-All-Rights-Reserved"]],
    ["未经授权，不得将模型权重用于任何用途。", ["weights: LicenseRef-All-Rights-Reserved"]],
    ["版权所有 © 2024 山雀科技。", ["all: LicenseRef-All-Rights-Reserved"]],
    ["版權所有 © 2024 藍鵲科技，保留一切權利。", ["all: LicenseRef-All-Rights-Reserved"]],
    ["本项目采用 MIT 许可证。版权所有 © 2024 山雀科技，保留所有权利。", ["code: MIT"]],
  ])("%s", async (sentence, expected) => {
    expect(await heardIn(sentence)).toEqual(expected);
  });
});

describe("sentences that state no license of this release", () => {
  it.each([
    "与采用 CC BY-NC 4.0 协议的红隼模型不同，山雀可自由使用。",
    "不同于采用 GPL-3.0 协议的项目，山雀没有传染性。",
    "LLaMA 是否采用 GPL-3.0 许可证？",
    "此前代码采用 GPL-3.0 许可证。",
    "本模型不再采用 CC BY-NC 4.0 协议。",
    "例如采用 MIT 许可证的项目。",
    "感谢开源社区的许可与支持。",
    "允许免费商业使用，无需申请授权。",
    "商务合作请联系 hello@example.com。",
    "我们与多家企业签署了合作协议。",
    "模型支持 HTTP 协议和 WebSocket 协议。",
    "训练时请遵守网站的 robots 协议。",
    "请勿泄露商业秘密。",
    "贡献者提交的代码将按 Apache-2.0 许可证授权。",
    "本项目受《中华人民共和国著作权法》保护吗？",
    "通过 TCP 协议提供服务，授权码请在控制台获取。",
  ])("%s", async (sentence) => {
    expect(await heardIn(sentence)).toEqual([]);
  });
});

describe("sentences as people write them", () => {
  it.each([
    [
      "本仓库中代码依照 [Apache-2.0](LICENSE) 协议开源，山雀-V 模型权重的使用则需要遵循 [“山雀模型商用许可协议.md”](https://example.com/a.md)。",
      ["code: Apache-2.0", "weights: “山雀模型商用许可协议.md”"],
    ],
    [
      "模型权重的使用则需要遵循 [“通用模型许可协议-来源说明-商业授权”](https://example.com/b.md)。",
      ["weights: “通用模型许可协议-来源说明-商业授权”"],
    ],
    [
      "山雀模型权重对学术研究完全开放，在填写[“问卷”](https://example.com)进行登记后亦允许免费商业使用。",
      ["weights: terms separate-commercial-license"],
    ],
    ["红隼预训练模型（kestrel_l 等）：官方授权为仅限非商业研究用途。", ["weights: terms non-commercial+research-only (红隼)"]],
    ["本项目仅供学术研究使用。", ["weights: terms research-only"]],
    [
      "数据采用[知识共享署名—非商业性使用4.0许可协议（CC-BY-NC-4.0）](https://creativecommons.org/licenses/by-nc/4.0/)。",
      ["data: CC-BY-NC-4.0"],
    ],
    ["本分析由爱好者撰写，仅供学术研究参考。", []],
    [
      "The code and model weights are licensed under Creative Commons Attribution-NonCommercial 4.0 International.",
      ["code+weights: CC-BY-NC-4.0"],
    ],
    ["Shanque model weights are licensed under CC-BY-NC.", ["weights: CC-BY-NC"]],
    ["We release the model under the OpenRAIL-M license.", ["weights: OpenRAIL-M"]],
    ["Model weights: gemma license; code: Apache 2.0.", ["weights: LicenseRef-Gemma", "code: Apache-2.0"]],
    ["MIT © [Acme](https://example.com)", ["all: MIT"]],
    ["This project is dual licensed under the MIT and Apache 2.0 licenses.", ["code: MIT or", "code: Apache-2.0 or"]],
    ["All models are under their respective licenses.", []],
  ])("%s", async (sentence, expected) => {
    expect(await heardIn(sentence)).toEqual(expected);
  });
});
