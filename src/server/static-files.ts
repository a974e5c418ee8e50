// The built web app. Only files that the build put there, by name: a request can name no other path.
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { MiddlewareHandler } from "hono";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** Serves the files of a folder, read once; every other path that is no API gets the app itself, which knows its pages. */
export function staticFiles(folder: string): MiddlewareHandler {
  const files = new Map<string, { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const type = TYPES[extname(name)];
    if (type !== undefined) files.set(`/${name.replaceAll("\\", "/")}`, { bytes: new Uint8Array(readFileSync(join(folder, name))), type });
  }
  return async (context, next) => {
    if (context.req.path.startsWith("/api/")) return next();
    if (context.req.method !== "GET" && context.req.method !== "HEAD") return context.text("method not allowed", 405);
    const file = files.get(context.req.path) ?? files.get("/index.html");
    if (file === undefined) return next();
    return context.body(file.bytes, 200, { "Content-Type": file.type, "Cache-Control": "no-cache" });
  };
}
