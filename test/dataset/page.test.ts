// A page like the one that began this project, of words of our own: spam in its first line, characters with readings, the damage that a replacement
// on GBK bytes leaves, a notice that the readings hide, and an address. Each is found, with its place and what to do.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DataReport } from "../../src/core/dataset.ts";
import { lookup } from "../../src/reports/messages.ts";
import { runInProcess } from "../cli/run-in-process.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-page-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SPAM = "免费在线高清观看|最新手机游戏下载|成人视频精品推荐|国产热门影片大全|午夜直播平台入口|亚洲电影排行榜单|在线娱乐城注册送";
/** 為 and what follows it one byte off, as a byte-wise replacement of 驗 across 因為 leaves them. */
const DAMAGED = "因?yàn)殚_放權(quán)重的模型可以被任何人修改，所以監(jiān)管者要求說明其來源。";
const BODY = [
  "開放權(quán)重模型的討論從去年延續(xù)到今年，研究機(jī)構(gòu)與企業(yè)各有主張。",
  DAMAGED,
  "有學(xué)者認(rèn)為，公開的數(shù)據(jù)應(yīng)當(dāng)附有說明；也有人擔(dān)心濫用，主張設(shè)立審查。",
  "本網(wǎng)站轉(zhuǎn)載的文章版權(quán)歸原作者所有，未經(jīng)許可不得轉(zhuǎn)載，轉(zhuǎn)載請注明出處。",
  "如有侵權(quán)，請聯(lián)系編輯刪除：wang.xiaoming@sina.com",
];

test("spam, readings, damage, a hidden notice and an address of a page are found, each with place and remedy", async () => {
  const path = join(folder, "page.txt");
  writeFileSync(path, `${SPAM}\n\n${BODY.join("\n\n")}\n`);
  const { stdout } = await runInProcess(["data", path, "-f", "json"]);
  const report = JSON.parse(stdout) as DataReport;
  const found = (area: string, name: RegExp): DataReport["rules"][number] | undefined =>
    report.rules.find(({ rule }) => rule.startsWith(`${area}/`) && name.test(rule));
  for (const [area, name] of [
    ["spam", /pipe-list/u],
    ["disguise", /pinyin/u],
    ["damage", /annotation-cut|gbk-shift|question-bang/u],
    ["copyright", /zh-/u],
    ["personal", /email/u],
  ] as const) {
    const rule = found(area, name);
    expect(rule, area).toBeDefined();
    expect(rule?.samples[0]).toMatchObject({ path: "page.txt", row: 1 });
    for (const language of ["en", "zh-Hans", "zh-Hant"] as const) {
      expect(lookup(rule?.title ?? "", language)).toMatch(/./u);
      expect(lookup(rule?.remedy ?? "", language)).toMatch(/./u);
    }
  }
  expect(stdout).not.toContain("wang.xiaoming");
});
