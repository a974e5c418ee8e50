import { existsSync } from "node:fs";
import { join } from "node:path";
import { AjarError } from "../core/errors.ts";
import { packageRoot } from "../rules/load.ts";

/** The built web app. @throws AjarError NOT_FOUND when it was not built (a checkout before `npm run build`) */
export function webFolder(): string {
  const folder = join(packageRoot, "dist", "web");
  if (existsSync(join(folder, "index.html"))) return folder;
  throw new AjarError("NOT_FOUND", "the web app is not built", { subject: "dist/web", hint: "In a checkout, run npm run build." });
}
