import { existsSync } from "node:fs";
import { join } from "node:path";
import { AjarError } from "../core/errors.ts";
import { packageRoot } from "../rules/load.ts";

/** Built pages: `web` is the catalogue's app, `gate` the gate's page. @throws AjarError NOT_FOUND when not built (a checkout before `npm run build`) */
export function webFolder(pages: "web" | "gate" = "web"): string {
  const folder = join(packageRoot, "dist", pages);
  if (existsSync(join(folder, "index.html"))) return folder;
  throw new AjarError("NOT_FOUND", "the web app is not built", { subject: `dist/${pages}`, hint: "In a checkout, run npm run build." });
}
