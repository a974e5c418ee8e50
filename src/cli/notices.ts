// `--notices DIR` of `ajar use`: what must be shipped when the release is passed on.
import type { Report } from "../core/report.ts";
import type { Asked, NoticeBundle } from "../core/use.ts";
import { termsOf } from "../licenses/terms/terms.ts";
import { text } from "../reports/messages.ts";
import { answerUse, type Decisions } from "../use/use.ts";
import type { CommandContext } from "./command.ts";
import { type BundleFile, checkBundle, writeBundle } from "./notices-folder.ts";
import { optionsFor } from "./render-as.ts";
import { sourceContext } from "./requests.ts";

type Ship = (report: Report, asked: Asked, decisions: Decisions) => Promise<{ readonly isWhole: boolean }>;

/** Null without `--notices`. @throws AjarError OUTPUT_UNWRITABLE */
export function noticesFrom(context: CommandContext): Ship | null {
  const { options, cwd, stderr, language } = context;
  const folder = options.text("notices");
  if (folder === undefined) return null;
  const force = options.flag("force") === true;
  checkBundle(folder, cwd, force);
  return async (report, asked, decisions) => {
    const { readTexts } = await import("../audit/texts.ts");
    const { bundleOf } = await import("../use/notices.ts");
    const { found, unread } = await readTexts(
      report,
      sourceContext(context, () => {}),
    );
    // Whatever was asked, what is shipped is passed on.
    const use = answerUse(report, { ...asked, uses: ["redistribute"] }, termsOf, decisions);
    const bundle = bundleOf(use, report, found, termsOf);
    const { noticeText, renderNotices } = await import("../reports/use/notices.ts");
    const page = renderNotices({ bundle, unread }, use, optionsFor(context, false));
    context.signal.throwIfAborted();
    writeBundle(folder, cwd, filesOf(bundle, page, noticeText(bundle)), force);
    const lacking = bundle.missing.length + unread.length;
    const args = { folder, texts: bundle.texts.length, missing: lacking };
    await stderr.write(`ajar: ${text({ id: "notices.written", args }, language)}\n`);
    return { isWhole: lacking === 0 };
  };
}

function filesOf({ texts }: NoticeBundle, page: string, notice: string): readonly BundleFile[] {
  return [
    { file: "NOTICES.md", content: page },
    ...(notice === "" ? [] : [{ file: "NOTICE", content: notice }]),
    ...texts.map(({ file, bytes }) => ({ file, content: bytes })),
  ];
}
