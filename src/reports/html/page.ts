// The frame of every page: one file for a browser, no script, no network, three languages, both colour schemes, paper.
import { createHash } from "node:crypto";
import { LANGUAGES, type Language } from "../language.ts";
import { safeText } from "../safe-text.ts";
import { escapeHtml } from "./escape.ts";
import { STYLE } from "./style.ts";
import type { Trio } from "./trio.ts";

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文" };

/** Nothing may be loaded or run, whatever a release smuggled in; the one style sheet is named by its digest. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Id, message of the heading, content as HTML. */
export type PageSection = readonly [id: string, heading: string, body: string];

export interface PageParts {
  readonly language: Language;
  readonly trio: Trio;
  readonly version: string;
  /** Plain text. */
  readonly title: string;
  /** HTML: what stands below the title, above everything else, and at the end. */
  readonly subtitle: string;
  readonly top: string;
  readonly footer: string;
  /** Those without content are left out. */
  readonly sections: readonly PageSection[];
}

export function htmlPage({ language, trio, version, title, subtitle, top, footer, sections }: PageParts): string {
  const shown = sections.filter(([, , body]) => body !== "");
  const name = escapeHtml(title);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Ajar ${escapeHtml(version)}">
<title>${name} – Ajar</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#answer">${trio.word("html.skip")}</a>
<header>
<fieldset class="languages"><legend class="sr">Language / 语言 / 語言</legend>${LANGUAGES.map((one) => languageChoice(one, language)).join("")}</fieldset>
<h1>${name}</h1>
<p class="digest">${subtitle}</p>
</header>
<main>
${top}
<nav aria-label="${trio.attribute((phrases) => phrases.word("html.contents"))}"><ul>${shown.map(([id, heading]) => `<li><a href="#${id}">${trio.word(heading)}</a></li>`).join("")}</ul></nav>
${shown.map(([id, heading, body]) => `<section aria-labelledby="${id}"><h2 id="${id}">${trio.word(heading)}</h2>\n${body}</section>`).join("\n")}
</main>
<footer>${footer}</footer>
</body>
</html>
`;
}

/** The end of a path, made safe: the rest says where a release lies, which is not its name. */
export function nameOf(ref: string): string {
  const safe = safeText(ref);
  const path = /^(?:[a-z]+:)?(?=[/.~]|[A-Z]:)(.+)$/u.exec(safe)?.[1];
  const last = path?.split(/[/\\]/u).findLast((part) => part !== "" && part !== "." && part !== "..");
  return last?.replace(/^(.+?)__(?=.)/u, "$1/") ?? safe;
}

function languageChoice(language: Language, chosen: Language): string {
  const checked = language === chosen ? " checked" : "";
  return `<label lang="${language}"><input type="radio" name="language" id="lang-${language}"${checked}>${LANGUAGE_NAMES[language]}</label>`;
}
