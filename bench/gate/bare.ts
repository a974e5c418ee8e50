// The limit of bench:gate: as little of a proxy as one can write on Node's server and undici. It checks nothing, logs nothing, and knows one upstream.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";

const [upstream = ""] = process.argv.slice(2);
const { origin, pathname } = new URL(upstream);
const pool = new Pool(origin, { connections: 256 });

const server = createServer((request, response) => {
  const abort = new AbortController();
  response.on("error", () => undefined);
  response.on("close", () => {
    if (!response.writableFinished) abort.abort();
  });
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    // What the least of routers has to know.
    const { model } = JSON.parse(String(body)) as { model?: string };
    if (model !== "tern") {
      response.writeHead(404).end();
      return;
    }
    const path = `${pathname}${(request.url ?? "").replace("/v1", "")}`;
    const headers = { "content-type": "application/json" };
    pool
      .stream({ path, method: "POST", headers, body: body ?? null, signal: abort.signal }, ({ statusCode, headers: got }) => {
        response.writeHead(statusCode, { "content-type": String(got["content-type"]) });
        return response;
      })
      .catch(() => response.destroy());
  });
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit());
