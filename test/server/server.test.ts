import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer } from "../../src/server/serve.ts";
import { refusalOf } from "../../src/server/targets.ts";
import { folderWith, GOOD } from "../cli/made-up-release.ts";
import { type MadeUpServer, madeUpServer } from "./made-up-server.ts";

let server: MadeUpServer;
beforeAll(async () => {
  server = await madeUpServer();
});
afterAll(() => server.close());

async function json(path: string): Promise<Record<string, never>> {
  return (await server.ask(path)).json() as Promise<Record<string, never>>;
}

describe("the API", () => {
  it("lists, filters and searches", async () => {
    const all = (await json("/api/releases")) as unknown as { releases: { id: number; key: string; reportId: number }[]; next: null };
    expect(all.releases.length).toBeGreaterThan(3);
    const one = (await json("/api/releases?limit=1")) as unknown as { releases: unknown[]; next: number };
    expect(one.releases).toHaveLength(1);
    expect(one.next).toBeGreaterThan(0);
    const none = (await json("/api/releases?where=word=nothing")) as unknown as { releases: unknown[] };
    expect(none.releases).toEqual([]);
    const [first] = all.releases;
    expect(await json(`/api/releases/${first?.id}`)).toEqual(first);
    expect((await json(`/api/releases/${first?.id}/history`)) as unknown as unknown[]).toHaveLength(1);
    expect(await json(`/api/reports/${first?.reportId}`)).toHaveProperty("headline");
    expect(await json(`/api/diff?from=${first?.reportId}&to=${first?.reportId}`)).toMatchObject({ changes: [] });
    expect(await json("/api/charts")).toHaveProperty("overTime");
    expect((await json("/api/counts/word")) as unknown as unknown[]).not.toHaveLength(0);
    expect(await json("/api/messages/zh-Hans")).toHaveProperty(["word.open"]);
  });

  it.each([
    ["/api/nothing", 404],
    ["/api/releases/0", 404],
    ["/api/releases/99999", 404],
    ["/api/releases/x", 404],
    ["/api/reports/99999/html", 404],
    ["/api/reports/1/exe", 404],
    ["/api/releases?limit=-1", 400],
    ["/api/releases?where=x", 400],
    ["/api/messages/de", 404],
    ["/api/audits/77", 404],
    ["/api/audits/77/events", 404],
  ])("%s is refused with %d and says why", async (path, status) => {
    const response = await server.ask(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
  });

  it("gives reports in every format; what could run in a page is sandboxed or a download", async () => {
    const html = await server.ask("/api/reports/1/html");
    expect(html.headers.get("content-security-policy")).toContain("sandbox");
    for (const format of ["badge-svg", "sarif", "cyclonedx"]) {
      expect((await server.ask(`/api/reports/1/${format}`)).headers.get("content-disposition")).toContain("attachment");
    }
    expect((await server.ask("/api/reports/1/markdown")).headers.get("content-type")).toContain("text/plain");
  });

  it.each([
    `where=${Array.from({ length: 41 }, () => "word=ajar").join("&where=")}`,
    `where=word=${"a|".repeat(200)}a`,
    `q=${"x".repeat(1001)}`,
  ])("refuses more than a question needs: %.30s", async (query) => {
    expect((await server.ask(`/api/releases?${query}`)).status).toBe(400);
  });

  it("takes any address without failing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.webPath(), fc.webQueryParameters(), async (path, query) => {
        const response = await server.ask(`/api${path}?${query}`);
        expect(response.status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  });
});

describe("audits through the server", () => {
  it("runs one, tells its progress live and keeps the report", async () => {
    const release = folderWith(GOOD);
    try {
      const asked = await server.ask("/api/audits", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ target: release.path }),
      });
      expect(asked.status).toBe(202);
      const { id } = (await asked.json()) as { id: string };
      const events = await (await server.ask(`/api/audits/${id}/events`)).text();
      const states = [...events.matchAll(/^data: (.*)$/gmu)].map((match) => JSON.parse(match[1] ?? ""));
      expect(states.at(-1)).toMatchObject({ state: "done", isNew: true });
      expect(await json(`/api/audits/${id}`)).toEqual(states.at(-1));
      expect(await json(`/api/reports/${states.at(-1).reportId}`)).toMatchObject({ target: { ref: release.path } });
    } finally {
      release.remove();
    }
  });

  it("tells a failure as one", async () => {
    const body = JSON.stringify({ target: join("/", "no", "such", "release") });
    const asked = await server.ask("/api/audits", { method: "POST", headers: { "content-type": "application/json" }, body });
    const { id } = (await asked.json()) as { id: string };
    const events = await (await server.ask(`/api/audits/${id}/events`)).text();
    expect(events).toContain('"state":"failed"');
    expect(events).toContain("BAD_REFERENCE");
  });

  it.each([
    ["", "application/json", 400],
    ["{}", "application/json", 400],
    ['{"target":""}', "application/json", 400],
    ['{"target":7}', "application/json", 400],
    ['{"target":"hf:a/b"}', "text/plain", 400],
    ['{"target":"https://10.0.0.1/x.git"}', "application/json", 403],
    [JSON.stringify({ target: "x".repeat(100_000) }), "application/json", 413],
  ])("refuses %s", async (body, type, status) => {
    const response = await server.ask("/api/audits", {
      method: "POST",
      headers: { "content-type": type, "content-length": String(body.length) },
      body,
    });
    expect(response.status).toBe(status);
  });

  it("lets a stranger audit registries and the hub, and nothing that only this machine can reach", () => {
    const rules = { local: false, git: false };
    for (const target of ["hf:a/b", "hf:datasets/a/b@main", "npm:@s/x@1", "pypi:x"]) expect(refusalOf(target, rules)).toBeNull();
    for (const target of [
      "/etc",
      ".",
      "../x",
      "file:/etc",
      "recorded:/x",
      "archive:/x.zip",
      "git+file:///x",
      "https://h/x.git",
      "git+http://h/x",
      "mot:/x",
      "hf:../../x",
      "pypi:\\\\h\\x",
      "hf:/etc",
    ])
      expect(refusalOf(target, rules)).not.toBeNull();
  });
});

describe("the guard", () => {
  it("puts a strict policy on every answer", async () => {
    for (const path of ["/api/status", "/api/nothing", "/"]) {
      const { headers } = await server.ask(path);
      expect(headers.get("content-security-policy")).toMatch(/default-src 'none'/u);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  it.each([
    [{ host: "evil.example" }, 421],
    [{ host: "127.0.0.1.evil.example" }, 421],
    [{ host: "" }, 421],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: "http://127.0.0.1:9999" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ origin: "http://127.0.0.1:7341", "sec-fetch-site": "same-origin" }, 200],
    [{ host: "localhost:7341" }, 200],
    [{ host: "[::1]:7341" }, 200],
  ])("%j gives %d", async (headers, status) => {
    expect((await server.ask("/api/status", { headers: headers as Record<string, string> })).status).toBe(status);
  });

  it("asks for the token where one is set", async () => {
    const token = "t".repeat(40);
    const guarded = await madeUpServer({ token });
    expect((await guarded.ask("/api/status")).status).toBe(401);
    expect((await guarded.ask("/api/status", { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect((await guarded.ask("/api/status", { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    await guarded.close();
  });

  it("takes the token once from a page, and keeps it where no script and no other site can use it", async () => {
    const token = "t".repeat(40);
    const guarded = await madeUpServer({ token });
    const give = (value: unknown, headers: Record<string, string> = {}): Promise<Response> =>
      guarded.ask("/api/session", {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ token: value }),
      });
    for (const wrong of ["", "t", `${token}t`, 7, null]) expect((await give(wrong)).status).toBe(401);
    expect((await give(token, { origin: "https://evil.example" })).status).toBe(403);
    expect((await give(token, { "content-type": "text/plain" })).status).toBe(400);
    const opened = await give(token);
    expect(opened.status).toBe(204);
    const kept = opened.headers.get("set-cookie") ?? "";
    expect(kept).toMatch(/^ajar-session=[0-9a-f]{64}; Path=\/api; HttpOnly; SameSite=Strict$/u);
    expect(kept).not.toContain(token);
    const cookie = kept.split(";")[0] ?? "";
    expect((await guarded.ask("/api/status", { headers: { cookie: `a=b; ${cookie}` } })).status).toBe(200);
    for (const bad of [`x${cookie}`, cookie.slice(0, -1), "ajar-session=", `ajar-session=${"0".repeat(64)}`]) {
      expect((await guarded.ask("/api/status", { headers: { cookie: bad } })).status).toBe(401);
    }
    expect((await guarded.ask("/api/messages/en")).status).toBe(200);
    await guarded.close();
  });

  it("does not listen wider than this machine without a token, or with a short one", async () => {
    for (const token of [null, "short"]) {
      await expect(startServer({ ...server.options, host: "0.0.0.0", token })).rejects.toMatchObject({ code: "BAD_OPTION" });
    }
  });

  it("listens on loopback and answers there", async () => {
    const running = await startServer(server.options);
    expect(running.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
    expect((await fetch(`${running.url}/api/status`)).status).toBe(200);
    await running.close();
  });
});
