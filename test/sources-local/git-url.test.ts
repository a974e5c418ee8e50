// Repositories behind a URL, served on loopback by git's own server program.
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasGitServer, serveGit } from "./git-server.ts";
import { makeRepository, open } from "./made-repository.ts";
import { entriesOf, errorOf, git, leavesNothingBehind, scratch, textAt, write } from "./support.ts";

leavesNothingBehind();

test.each([
  ["git+https://user:secret@example.org/x.git", "user name or password"],
  ["git+http://example.org/x.git", "only https"],
  ["git://example.org/x.git", "not spoken"],
  ["git+https://example.org/x.git?a=b", "query"],
])("%s is refused before anything is connected", async (reference, words) => {
  const error = await errorOf(open("/", reference, { offline: false }));
  expect(error.code).toBe("BAD_REFERENCE");
  expect(error.message).toContain(words);
  expect(error.message).not.toContain("secret");
});

test("a URL is refused offline without a connection", async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  expect((await errorOf(open("/", `git+http://127.0.0.1:${port}/x.git`))).code).toBe("OFFLINE");
  expect((await errorOf(open("/", "https://example.org/x.git"))).code).toBe("OFFLINE");
  server.close();
  expect(connections).toBe(0);
});

describe.skipIf(!hasGitServer)("a repository behind a URL", () => {
  async function served(): Promise<{ root: string; url: string; requests: readonly string[] }> {
    const top = scratch();
    const root = join(top, "r.git");
    mkdirSync(root);
    makeRepository(root);
    write(root, { "weights.bin": Buffer.alloc(3 * 1024 ** 2, "w") });
    git(root, "add", "weights.bin");
    git(root, "commit", "-qm", "three");
    const { url, requests } = await serveGit(top);
    return { root, url: `git+${url}/r.git/.git`, requests };
  }
  const online = { offline: false };

  test("one commit comes without its large files, which are fetched when they are read", async () => {
    const { root, url } = await served();
    const source = await open("/", url, online);
    const entries = await entriesOf(source);
    expect(source.revision).toBe(git(root, "rev-parse", "HEAD"));
    expect(entries.find(({ path }) => path === "weights.bin")).toMatchObject({ sizeBytes: null, content: "readable" });
    expect(entries.find(({ path }) => path === "model.bin")).toMatchObject({ content: "lfs-pointer", sizeBytes: 123456 });
    expect(entries.find(({ path }) => path === "vendor/x")).toMatchObject({ target: "https://example.org/x.git" });
    expect(await textAt(source, "README.md")).toBe("two\n");
    expect(source.usage.requests).toBe(1);
    expect(source.usage.bytesRead).toBeLessThan(20_000);
    expect(Buffer.from(await source.read("weights.bin", { start: 0, length: 3 })).toString()).toBe("www");
    expect(source.usage.requests).toBe(2);
    await source.close();
  });

  test("branches, tags and commits can be asked for", async () => {
    const { root, url } = await served();
    for (const revision of ["main", "v1", git(root, "rev-parse", "HEAD~1")]) {
      const source = await open("/", `${url}@${revision}`, online);
      expect(source.revision).toBe(git(root, "rev-parse", revision));
      expect(source.ref).toBe(`${url}@${source.revision}`);
      await source.close();
    }
  });

  test("a revision or repository that is not there is told apart", async () => {
    const { url } = await served();
    expect((await errorOf(open("/", `${url}@none`, online))).code).toBe("REVISION_NOT_FOUND");
    expect((await errorOf(open("/", `${url}@${"1".repeat(40)}`, online))).code).toBe("REVISION_NOT_FOUND");
    expect((await errorOf(open("/", url.replace("r.git", "no.git"), online))).code).toBe("NOT_FOUND");
  });

  test("a host that refuses, breaks off or is silent gives a coded error and leaves nothing behind", async () => {
    const top = scratch();
    const denied = await serveGit(top, (_, response) => {
      response.writeHead(401, { "www-authenticate": "Basic" }).end();
      return true;
    });
    expect((await errorOf(open("/", `git+${denied.url}/x.git`, online))).code).toBe("UNAUTHORIZED");
    const broken = await serveGit(top, (request) => {
      request.socket.destroy();
      return true;
    });
    expect((await errorOf(open("/", `git+${broken.url}/x.git`, online))).code).toBe("UNREACHABLE");
    const silent = await serveGit(top, () => true);
    const error = await errorOf(open("/", `git+${silent.url}/x.git`, { offline: false, limits: { timeoutMs: 1000 } }));
    expect(error).toMatchObject({ code: "UNREACHABLE", message: "git said nothing for 1000 ms and was stopped" });
  });

  test("a server that sends more than allowed is stopped", async () => {
    const { url } = await served();
    expect((await errorOf(open("/", url, { offline: false, limits: { maxBytes: 500 } }))).code).toBe("OVER_LIMIT");
    const source = await open("/", url, { offline: false, limits: { maxBytes: 3000 } });
    expect((await errorOf(source.read("weights.bin"))).code).toBe("OVER_LIMIT");
    await source.close();
  });

  test("an audit that is interrupted stops git", async () => {
    const silent = await serveGit(scratch(), () => true);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("stopped")), 200);
    await expect(open("/", `git+${silent.url}/x.git`, { offline: false, signal: controller.signal })).rejects.toThrow("stopped");
  });
});
