// Permissions mean nothing to root, so as root the listing runs in a child that gave its rights up.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch, write } from "./support.ts";

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

test("what may not be read is listed as unreadable, and its name and reason are given", () => {
  const root = scratch();
  const target = join(root, "target");
  write(target, { a: "a", secret: "s", "closed/x": "x", z: "z" });
  // The child may have no right to the sources where they lie.
  for (const folder of ["core", "sources", "formats"])
    cpSync(join(import.meta.dirname, "../../src", folder), join(root, "src", folder), { recursive: true });
  mkdirSync(join(root, "bin"));
  cpSync(process.execPath, join(root, "bin/node"));
  write(root, {
    "package.json": '{"type":"module"}',
    "list.ts": `
      import { DEFAULT_LIMITS } from "./src/core/source.ts";
      import { source } from "./src/sources/folder.ts";
      const context = { offline: true, env: {}, cwd: "/", signal: new AbortController().signal, limits: DEFAULT_LIMITS, progress() {} };
      const folder = await source.open(process.argv[2], context);
      const entries = [];
      for await (const { path, content } of folder.list()) entries.push([path, content]);
      const error = await folder.read("secret").catch((cause) => cause.code + " " + cause.message);
      const top = await source.open(process.argv[2] + "/closed", context).catch((cause) => cause.code + " " + cause.message);
      console.log(JSON.stringify({ entries, error, top, complete: folder.listingComplete, problem: folder.listingProblem }));
    `,
  });
  chmodSync(root, 0o755);
  chmodSync(join(target, "secret"), 0o000);
  chmodSync(join(target, "closed"), 0o000);
  const rights = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const printed = execFileSync(join(root, "bin/node"), [join(root, "list.ts"), target], { ...rights, encoding: "utf8", cwd: "/", env: {} });
  chmodSync(join(target, "closed"), 0o755);
  expect(JSON.parse(printed)).toEqual({
    entries: [
      ["a", "readable"],
      ["closed", "unreadable"],
      ["secret", "unreadable"],
      ["z", "readable"],
    ],
    error: "UNREADABLE secret: permission denied",
    top: `UNREADABLE ${target}/closed: permission denied`,
    complete: false,
    problem: "closed/: permission denied",
  });
});
