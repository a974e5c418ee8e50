// How a feed is fetched: from the address that was checked and no other, and only when it is another one than before.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Resolve } from "../../gate/engines/address.ts";
import { feedFetcher } from "./recall-trust.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A feed on loopback under a name that nobody but the given resolver knows. */
async function feedServer(): Promise<{ readonly url: URL; readonly seen: IncomingMessage["headers"][] }> {
  const seen: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    if (request.url === "/away") return void response.writeHead(302, { location: "http://10.0.0.9/feed" }).end();
    const isKnown = request.headers["if-none-match"] === '"one"';
    response.writeHead(isKnown ? 304 : 200, { etag: '"one"', ...(isKnown ? { "content-length": "4" } : {}) });
    response.end(isKnown ? undefined : "feed");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: new URL(`http://feed.test:${(server.address() as AddressInfo).port}/feed`), seen };
}

/** Answers one list of addresses after the other, the last again and again. */
function resolving(...answers: readonly (readonly string[])[]): { readonly resolve: Resolve; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolve: (hostname, _options, done) => {
      const answer = /^[\d.]+$/u.test(hostname) ? [hostname] : (answers[Math.min(asked.length, answers.length - 1)] ?? []);
      asked.push(hostname);
      done(
        null,
        answer.map((address) => ({ address, family: 4 })),
      );
    },
  };
}

const parts = { env: {}, signal: new AbortController().signal };

describe("a feed's address", () => {
  it("is connected to as it was checked", async () => {
    const { url } = await feedServer();
    const { resolve, asked } = resolving(["127.0.0.1"]);
    const fetched = await feedFetcher(parts, resolve)(url, 100, null);
    expect(Buffer.from(fetched?.bytes ?? []).toString()).toBe("feed");
    // Once when it is asked whether it may be, once by the connection; nobody else looks it up.
    expect(asked).toEqual(["feed.test", "feed.test"]);
  });

  it.each([
    ["inside", [["10.0.0.7"]]],
    ["inside a moment later", [["127.0.0.1"], ["10.0.0.7"]]],
    ["one of several inside", [["127.0.0.1"], ["127.0.0.1", "169.254.169.254"]]],
  ])("is refused when it is %s", async (_what, answers) => {
    const { url, seen } = await feedServer();
    const { resolve } = resolving(...answers);
    await expect(feedFetcher(parts, resolve)(url, 100, null)).rejects.toMatchObject({
      code: "BAD_OPTION",
      message: "a feed does not come from inside a private network",
    });
    expect(seen).toEqual([]);
  });

  it("is refused after a redirect too", async () => {
    const { url } = await feedServer();
    const { resolve } = resolving(["127.0.0.1"]);
    await expect(feedFetcher(parts, resolve)(new URL("/away", url), 100, null)).rejects.toMatchObject({ code: "BAD_OPTION" });
  });

  it("is asked only for what is new, by its ETag", async () => {
    const { url, seen } = await feedServer();
    const fetch = feedFetcher(parts, resolving(["127.0.0.1"]).resolve);
    const first = await fetch(url, 100, null);
    expect(first?.etag).toBe('"one"');
    expect(await fetch(url, 100, first?.etag ?? null)).toBeNull();
    expect((await fetch(url, 100, '"another"'))?.etag).toBe('"one"');
    expect(seen.map((headers) => headers["if-none-match"])).toEqual([undefined, '"one"', '"another"']);
  });
});
