// What a release could smuggle into a page, and that nothing of it came to anything.
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** One of each kind of trick that cards have been seen with or could be. */
export const ATTACKS: readonly string[] = [
  "<script>document.title='run'</script>",
  "<img src=x onerror=\"document.title='run'\">",
  "<svg onload=\"document.title='run'\"><script>document.title='run'</script></svg>",
  '"><iframe srcdoc="<script>parent.document.title=\'run\'</script>"></iframe>',
  "' autofocus onfocus='document.title=`run`' x='",
  "</style><style>body{display:none}</style>",
  "</blockquote></details></main><form action=https://evil.example><input autofocus>",
  "<a href=\"javascript:document.title='run'\">x</a>",
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  "<base href=https://evil.example/>",
  "<link rel=stylesheet href=https://evil.example/x.css>",
  "&lt;script&gt;document.title='run'&lt;/script&gt;",
  "<!--><script>document.title='run'</script>-->",
  "<template><script>document.title='run'</script></template>",
  "{{constructor.constructor('document.title=\"run\"')()}}",
];

const HANDLERS =
  "[...document.querySelectorAll('*')].flatMap((element) => [...element.attributes]).filter(({ name }) => name.startsWith('on')).length";

/** Nothing on the page runs, loads or leads elsewhere. */
export async function expectHarmless(page: Page): Promise<void> {
  const count = (selector: string): Promise<number> => page.locator(selector).count();
  expect(await count("script, img, iframe, form, base, object, embed, template, link, svg script, meta[http-equiv=refresh]")).toBe(0);
  expect(await count("style")).toBe(1);
  expect(await page.evaluate<number>(HANDLERS)).toBe(0);
  expect(await count("a:not([href^='#'])")).toBe(0);
  expect(await page.title()).not.toBe("run");
}
