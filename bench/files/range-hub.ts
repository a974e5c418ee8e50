// As much of a hub as a client needs to list one repository and read ranges of its files. Weights are zeros that nobody stores.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { SparseFile } from "./sparse-release.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";
/** Of a file stored by its digest, made up: nobody reads that much. */
const CLAIMED = "ab".repeat(32);
const CHUNK = Buffer.alloc(1024 ** 2);

export class RangeHub {
  requests = 0;
  /** Bytes of bodies, listings included. */
  bytesSent = 0;
  readonly #server: Server;
  readonly #name: string;
  readonly #files: readonly SparseFile[];

  private constructor(server: Server, name: string, files: readonly SparseFile[]) {
    this.#server = server;
    this.#name = name;
    this.#files = files;
    server.on("request", (request, response) => void this.#answer(request, response));
  }

  static async start(name: string, files: readonly SparseFile[]): Promise<RangeHub> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new RangeHub(server, name, files);
  }

  get endpoint(): string {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const { pathname } = new URL(request.url ?? "/", this.endpoint);
    const api = `/api/models/${this.#name}`;
    const resolved = `/${this.#name}/resolve/`;
    if (pathname.startsWith(`${api}/tree/`)) return this.#json(response, this.#files.map(treeEntry));
    if (pathname === api || pathname.startsWith(`${api}/revision/`)) return this.#json(response, infoOf(this.#name, this.#files));
    const path = pathname.startsWith(resolved) ? decodeURIComponent(pathname.slice(resolved.length).replace(/^[^/]*\//u, "")) : null;
    const file = this.#files.find((candidate) => candidate.path === path);
    if (file === undefined) response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
    else await this.#range(file, request, response);
  }

  #json(response: ServerResponse, value: unknown): void {
    const body = JSON.stringify(value);
    this.bytesSent += Buffer.byteLength(body);
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  }

  async #range({ head, sizeBytes }: SparseFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = /^bytes=(\d+)-(\d+)$/u.exec(request.headers.range ?? "");
    const start = Number(asked?.[1] ?? 0);
    const end = Math.min(Number(asked?.[2] ?? sizeBytes) + 1, sizeBytes);
    response.writeHead(asked === null ? 200 : 206, {
      "x-repo-commit": SHA,
      "content-length": String(end - start),
      ...(asked === null ? {} : { "content-range": `bytes ${start}-${end - 1}/${sizeBytes}` }),
    });
    for (let at = start; at < end && !response.destroyed; ) {
      const part = at < head.length ? head.subarray(at, end) : CHUNK.subarray(0, Math.min(CHUNK.length, end - at));
      at += part.length;
      this.bytesSent += part.length;
      await new Promise<void>((done) => {
        response.on("close", done);
        response.write(part, () => done());
      });
    }
    response.end();
  }
}

function infoOf(id: string, files: readonly SparseFile[]): unknown {
  const siblings = files.map(({ path, sizeBytes }) => ({ rfilename: path, size: sizeBytes, blobId: "0".repeat(40) }));
  return {
    _id: "1",
    id,
    sha: SHA,
    author: id.split("/")[0],
    gated: false,
    private: false,
    disabled: false,
    tags: [],
    cardData: {},
    siblings,
  };
}

function treeEntry({ path, sizeBytes, head }: SparseFile): unknown {
  const common = { type: "file", path, size: sizeBytes, oid: "0".repeat(40) };
  return sizeBytes === head.length ? common : { ...common, lfs: { oid: CLAIMED, size: sizeBytes, pointerSize: 135 } };
}
