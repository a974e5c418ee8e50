// A small hub on loopback that speaks the real one's protocol over real sockets: repository info, tree pages with Link,
// resolve with a redirect to a second server ("storage", another port and so another origin), ranges, gates and faults.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export interface StubFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Stored as LFS content: listed with its SHA-256, served by the storage host. */
  readonly isLfs?: boolean;
  /** Claimed digest instead of the true one. */
  readonly claimedSha256?: string;
  readonly claimedOid?: string;
}

export interface StubRepository {
  /** `models/owner/name` or `datasets/owner/name`. */
  readonly key: string;
  readonly sha: string;
  readonly files: readonly StubFile[];
  readonly branches?: readonly string[];
  readonly gated?: false | "auto" | "manual";
  /** The card of a gated repository is given to anyone. */
  readonly isCardPublic?: boolean;
  /** The tree of a gated repository is refused too. */
  readonly isTreeGated?: boolean;
  readonly isPrivate?: boolean;
  readonly isDisabled?: boolean;
  /** Token that opens a gated or private repository. */
  readonly token?: string;
  readonly cardData?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
}

export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: "truncate"; readonly keepBytes: number }
  | { readonly kind: "reset" }
  | { readonly kind: "hang" }
  | { readonly kind: "drip" }
  | { readonly kind: "ignore-range" }
  | { readonly kind: "wrong-range" }
  | { readonly kind: "redirect"; readonly to: string }
  | { readonly kind: "body"; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: "endless" };

export interface SeenRequest {
  readonly host: "hub" | "storage" | "third";
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

interface PlannedFault {
  readonly match: RegExp;
  readonly fault: Fault;
  left: number;
}

/** Entries in one page of the tree, small so that a handful of files needs several. */
const PAGE_ENTRIES = 3;

export class StubHub {
  readonly seen: SeenRequest[] = [];
  readonly endpoint: string;
  readonly storage: string;
  /** A third origin that nobody has a reason to ask. */
  readonly third: string;
  readonly #servers: readonly Server[];
  readonly #repositories: readonly StubRepository[];
  readonly #faults: PlannedFault[] = [];
  /** Time before each answer: a hub far away. */
  delayMs = 0;
  /** Bytes written to bodies, to show what an aborted transfer cost. */
  bytesSent = 0;

  private constructor(servers: readonly Server[], repositories: readonly StubRepository[]) {
    this.#servers = servers;
    this.#repositories = repositories;
    const [hub = "", storage = "", third = ""] = servers.map(originOf);
    this.endpoint = hub;
    this.storage = storage;
    this.third = third;
  }

  static async start(repositories: readonly StubRepository[]): Promise<StubHub> {
    const servers = [createServer(), createServer(), createServer()];
    await Promise.all(servers.map((server) => new Promise<void>((done) => server.listen(0, "127.0.0.1", done))));
    const stub = new StubHub(servers, repositories);
    const hosts = ["hub", "storage", "third"] as const;
    servers.forEach((server, at) => {
      const host = hosts[at] ?? "third";
      server.on("request", (request, response) => {
        if (stub.delayMs === 0) stub.#handle(host, request, response);
        else setTimeout(() => stub.#handle(host, request, response), stub.delayMs);
      });
    });
    return stub;
  }

  /** The next `times` requests whose URL matches fail so. */
  plan(match: RegExp, fault: Fault, times = Number.POSITIVE_INFINITY): void {
    this.#faults.push({ match, fault, left: times });
  }

  clearPlans(): void {
    this.#faults.length = 0;
  }

  requestsTo(host: SeenRequest["host"]): readonly SeenRequest[] {
    return this.seen.filter((request) => request.host === host);
  }

  async close(): Promise<void> {
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(this.#servers.map((server) => new Promise<void>((done) => server.close(() => done()))));
  }

  #handle(host: SeenRequest["host"], request: IncomingMessage, response: ServerResponse): unknown {
    const url = request.url ?? "/";
    this.seen.push({ host, url, headers: request.headers });
    const planned = this.#faults.find((candidate) => candidate.left > 0 && candidate.match.test(url));
    const fault = planned?.fault ?? null;
    if (planned !== undefined) planned.left -= 1;
    if (fault !== null && this.#fail(fault, response)) return;
    if (host === "storage") return this.#serveStorage(url, request, response, fault);
    if (host === "third") return refuse(response, 404, "EntryNotFound");
    const parsed = new URL(url, this.endpoint);
    if (parsed.pathname.startsWith("/api/")) return this.#serveApi(parsed, request, response);
    this.#serveFile(parsed, request, response, fault);
  }

  /** True when the fault is the whole answer. */
  #fail(fault: Fault, response: ServerResponse): boolean {
    switch (fault.kind) {
      case "status":
        response.writeHead(fault.status, fault.headers).end("refused");
        return true;
      case "reset":
        response.socket?.resetAndDestroy();
        return true;
      case "hang":
        return true;
      case "redirect":
        response.writeHead(307, { location: fault.to }).end();
        return true;
      case "body":
        response.writeHead(200, { "content-type": "application/json", ...fault.headers }).end(fault.body);
        return true;
      case "drip":
        response.writeHead(200, { "content-length": "100000" });
        drip(response);
        return true;
      case "endless":
        response.writeHead(200, { "content-type": "application/octet-stream", "content-length": String(140 * 1024 ** 3) });
        this.#pour(response);
        return true;
      default:
        return false;
    }
  }

  #pour(response: ServerResponse): void {
    const chunk = new Uint8Array(64 * 1024);
    const step = (): void => {
      while (!response.destroyed) {
        this.bytesSent += chunk.byteLength;
        if (!response.write(chunk)) break;
      }
    };
    response.on("drain", step);
    step();
  }

  #serveApi(url: URL, request: IncomingMessage, response: ServerResponse): unknown {
    const parts = url.pathname.split("/").slice(2);
    if (parts.at(-1) === "refs") return this.#serveRefs(parts.slice(0, -1).join("/"), request, response);
    const at = parts.findIndex((part, index) => index >= 2 && (part === "revision" || part === "tree"));
    const repository = this.#repositories.find((candidate) => candidate.key === parts.slice(0, at === -1 ? undefined : at).join("/"));
    if (repository === undefined) return refuse(response, request.headers.authorization === undefined ? 401 : 404, "RepoNotFound");
    const isAllowed = isOpenTo(repository, request);
    if (repository.isPrivate === true && !isAllowed) return refuse(response, 401, null);
    const revision = decodeURIComponent(parts[at + 1] ?? "main");
    if (at !== -1 && !hasRevision(repository, revision)) return refuse(response, 404, "RevisionNotFound");
    if (parts[at] !== "tree") return sendJson(response, infoOf(repository, url.searchParams));
    if (repository.isTreeGated === true && !isAllowed) return refuse(response, 401, "GatedRepo");
    this.#serveTree(repository, url, response);
  }

  /** Names of branches; a server that does not know them answers as to an unknown repository. */
  #serveRefs(key: string, request: IncomingMessage, response: ServerResponse): unknown {
    const repository = this.#repositories.find((candidate) => candidate.key === key);
    if (repository?.branches === undefined) return refuse(response, 404, "RepoNotFound");
    if (repository.isPrivate === true && !isOpenTo(repository, request)) return refuse(response, 401, null);
    const branches = ["main", ...repository.branches].map((name) => ({ name, ref: `refs/heads/${name}`, targetCommit: repository.sha }));
    return sendJson(response, { branches, tags: [], converts: [] });
  }

  #serveTree(repository: StubRepository, url: URL, response: ServerResponse): unknown {
    const start = Number(url.searchParams.get("cursor") ?? 0);
    const page = repository.files.slice(start, start + PAGE_ENTRIES).map(treeEntry);
    const folders = start === 0 ? [{ type: "directory", path: "some-folder", oid: "0".repeat(40), size: 0 }] : [];
    const next = new URL(url);
    next.searchParams.set("cursor", String(start + PAGE_ENTRIES));
    const isLast = start + PAGE_ENTRIES >= repository.files.length;
    return sendJson(response, [...folders, ...page], isLast ? {} : { link: `<${next.href}>; rel="next"` });
  }

  #serveFile(url: URL, request: IncomingMessage, response: ServerResponse, fault: Fault | null): unknown {
    const match = /^\/(datasets\/)?([^/]+(?:\/[^/]+)?)\/resolve\/([^/]+)\/(.+)$/u.exec(url.pathname);
    const repository = this.#repositories.find((candidate) => candidate.key === `${match?.[1] ?? "models/"}${match?.[2]}`);
    if (match === null || repository === undefined) return refuse(response, 401, "RepoNotFound");
    const path = decodeURIComponent(match[4] ?? "");
    if (!hasRevision(repository, decodeURIComponent(match[3] ?? ""))) return refuse(response, 404, "RevisionNotFound");
    const isPublicCard = repository.isCardPublic === true && path === "README.md";
    const isGated = repository.gated !== undefined && repository.gated !== false;
    if (isGated && !isPublicCard && !isOpenTo(repository, request)) {
      return refuse(response, request.headers.authorization === undefined ? 401 : 403, "GatedRepo");
    }
    const file = repository.files.find((candidate) => candidate.path === path);
    if (file === undefined) return refuse(response, 404, "EntryNotFound");
    const commit = { "x-repo-commit": repository.sha };
    if (file.isLfs !== true) return this.#sendBytes(request, response, file.bytes, fault, commit);
    const location = `${this.storage}/${repository.key}/${encodeURIComponent(path)}?X-Signature=storage-secret`;
    response.writeHead(302, {
      ...commit,
      location,
      "x-linked-size": String(file.bytes.byteLength),
      "x-linked-etag": `"${sha256(file.bytes)}"`,
    });
    response.end("Found. Redirecting");
  }

  #serveStorage(url: string, request: IncomingMessage, response: ServerResponse, fault: Fault | null): unknown {
    const [key = "", path = ""] = splitLast(new URL(url, this.storage).pathname.slice(1));
    const repository = this.#repositories.find((candidate) => candidate.key === key);
    const file = repository?.files.find((candidate) => candidate.path === decodeURIComponent(path));
    if (file === undefined) return refuse(response, 403, null);
    this.#sendBytes(request, response, file.bytes, fault, { etag: `"${sha256(file.bytes)}"` });
  }

  #sendBytes(
    request: IncomingMessage,
    response: ServerResponse,
    bytes: Uint8Array,
    fault: Fault | null,
    headers: Readonly<Record<string, string>>,
  ): unknown {
    const asked = /^bytes=(\d+)-(\d+)$/u.exec(request.headers.range ?? "");
    const start = Number(asked?.[1] ?? 0);
    const end = Math.min(Number(asked?.[2] ?? bytes.byteLength) + 1, bytes.byteLength);
    const isRanged = asked !== null && fault?.kind !== "ignore-range";
    if (isRanged && start >= bytes.byteLength) {
      response.writeHead(416, { ...headers, "content-range": `bytes */${bytes.byteLength}` }).end();
      return;
    }
    const body = isRanged ? bytes.subarray(start, end) : bytes;
    const first = fault?.kind === "wrong-range" ? start + 1 : start;
    const range = { "content-range": `bytes ${first}-${first + body.byteLength - 1}/${bytes.byteLength}` };
    response.writeHead(isRanged ? 206 : 200, { ...headers, "content-length": String(body.byteLength), ...(isRanged ? range : {}) });
    const sent = fault?.kind === "truncate" ? body.subarray(0, fault.keepBytes) : body;
    this.bytesSent += sent.byteLength;
    if (sent === body) response.end(body);
    else response.write(sent, () => response.socket?.destroy());
  }
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write("."), 20);
  response.on("close", () => clearInterval(timer));
}

function originOf(server: Server): string {
  const address = server.address();
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}

function splitLast(path: string): readonly [string, string] {
  const at = path.lastIndexOf("/");
  return [path.slice(0, at), path.slice(at + 1)];
}

function hasRevision(repository: StubRepository, revision: string): boolean {
  return revision === "main" || revision === repository.sha || (repository.branches ?? []).includes(revision);
}

function isOpenTo(repository: StubRepository, request: IncomingMessage): boolean {
  return repository.token !== undefined && request.headers.authorization === `Bearer ${repository.token}`;
}

function infoOf(repository: StubRepository, query: URLSearchParams): unknown {
  const id = repository.key.slice(repository.key.indexOf("/") + 1);
  const siblings = repository.files.map((file) => ({ rfilename: file.path, size: file.bytes.byteLength, blobId: gitBlob(file.bytes) }));
  return {
    _id: "123",
    id,
    sha: repository.sha,
    author: id.split("/")[0],
    gated: repository.gated ?? false,
    private: repository.isPrivate ?? false,
    disabled: repository.isDisabled ?? false,
    // Numbers that change from day to day, which must not reach a report.
    likes: Math.floor(Math.random() * 1e9),
    downloads: Math.floor(Math.random() * 1e9),
    lastModified: new Date().toISOString(),
    tags: repository.tags ?? [],
    cardData: repository.cardData ?? {},
    ...(query.get("blobs") === "true" ? { siblings } : {}),
  };
}

function treeEntry(file: StubFile): unknown {
  const size = file.bytes.byteLength;
  const sha = file.claimedSha256 ?? sha256(file.bytes);
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha}\nsize ${size}\n`;
  if (file.isLfs === true) {
    const lfs = { oid: sha, size, pointerSize: pointer.length };
    return { type: "file", path: file.path, size, oid: gitBlob(new TextEncoder().encode(pointer)), lfs };
  }
  return { type: "file", path: file.path, size, oid: file.claimedOid ?? gitBlob(file.bytes) };
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function gitBlob(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

function sendJson(response: ServerResponse, value: unknown, headers: Readonly<Record<string, string>> = {}): unknown {
  return response.writeHead(200, { "content-type": "application/json; charset=utf-8", ...headers }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, code: string | null): unknown {
  const words = code === "GatedRepo" ? "Access to this repository is restricted" : "Repository or entry not found";
  return response
    .writeHead(status, code === null ? {} : { "x-error-code": code, "x-error-message": words })
    .end(JSON.stringify({ error: words }));
}
