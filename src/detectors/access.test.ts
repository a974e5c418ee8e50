import { describe, expect, it } from "vitest";
import { detectIn, type MadeFile } from "../../test/facts/context.ts";
import { factsOf } from "../core/fact.ts";
import { detector } from "./access.ts";

const read = async (files: Readonly<Record<string, MadeFile>>): Promise<readonly string[]> =>
  factsOf((await detectIn(detector, files)).facts, "access").map(({ condition, evidence }) => `${condition} ${evidence[0].method}`);
const told = (text: string): Promise<readonly string[]> => read({ "README.md": text });

describe("access", () => {
  it("sees forms, approval and contact data in prose", async () => {
    expect(
      await told("To get the weights, fill in this form. Once your request is approved, you will receive a signed URL over email."),
    ).toEqual(["form text", "approval text", "contact-data text"]);
    expect(await told("下载权重前请填写问卷进行登记。")).toEqual(["form text"]);
    expect(await told("下載權重前請填寫問卷進行登記。")).toEqual(["form text"]);
  });

  it("sees the hub's gating keys and the host's word", async () => {
    expect(await told("---\nextra_gated_prompt: agree\nextra_gated_fields:\n  Name: text\nextra_gated_eu_disallowed: true\n---\n")).toEqual(
      ["form front-matter", "form front-matter", "contact-data front-matter", "country-limit front-matter"],
    );
    expect(await read({ "@host/model.json": '{"gated": "manual"}' })).toEqual([
      "form host-record",
      "contact-data host-record",
      "approval host-record",
    ]);
    expect(await read({ "@host/model.json": '{"gated": false}' })).toEqual([]);
  });

  it("sees countries left out by a license", async () => {
    expect(await read({ LICENSE: "The rights are not granted to individuals domiciled in the European Union." })).toEqual([
      "country-limit text",
    ]);
  });

  it("does not take pull requests, bug forms or free use for conditions", async () => {
    expect(
      await told(
        "Open a pull request, or fill in the bug form. Use is free of charge and there is no license fee. No form has to be filled.",
      ),
    ).toEqual([]);
  });

  it.each([
    "For commercial use, please fill out the form to apply.",
    "If you use Tern commercially, request a license from us.",
    "如需商用，请填写申请表。",
    "商業用途須先登記取得授權，請聯絡我們。",
  ])("tells a form before commercial use from one before the weights: %s", async (text) => {
    expect(await told(text)).toEqual(["commercial-form text"]);
  });

  it.each([
    "You may not impose a license fee, royalty, or other charge for exercise of rights granted under this License to the models.",
    "To use our API platform, fill in the application form.",
    "Commercial use is free; no form, no registration.",
    "📘 商业授权 | 📣 提交反馈 | 技术报告",
    "如需使用在线聊天服务，请填写申请表。",
  ])("asks nothing of who wants the weights: %s", async (text) => {
    expect(await told(text)).toEqual([]);
  });

  it("sees an approval that access needs", async () => {
    expect(await told("Access to the base model requires manual approval.")).toEqual(["approval text"]);
  });
});
