import { rulesArePacked } from "./load.ts";

/** Where the code of a thread lies: its module in the sources; in the built program, one file beside the program. */
export function threadUrl(module: URL, built: string): URL {
  if (!rulesArePacked) return module;
  const { href } = module;
  return new URL(`${href.slice(0, href.lastIndexOf("/dist/"))}/dist/${built}`);
}
