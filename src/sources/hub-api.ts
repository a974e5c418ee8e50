// The calls of the hub's HTTP API that an audit needs: repository info, names of branches, tree pages, a file, a range of a file.
import { AjarError } from "../core/errors.ts";
import { compareText } from "../core/text.ts";
import type { HttpClient } from "../http/client.ts";
import { nextLink } from "../http/headers.ts";
import type { Credential, HttpRequest } from "../http/types.ts";
import { hubError } from "./hub-errors.ts";
import { asObject, asText, type JsonObject } from "./hub-record.ts";
import { type HubReference, hubReferenceText } from "./hub-reference.ts";
import { HubListing } from "./hub-tree.ts";

/** A card of 100 kB and some thousand tags fit many times over. */
const MAX_INFO_BYTES = 16 * 1024 * 1024;
/** A page holds about 1,000 entries of some 300 bytes. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** Pages of one listing: with 50 entries a page still enough for 200,000 files. */
const MAX_PAGES = 4000;
const EXPANDS = ["sha", "gated", "private", "disabled", "tags", "cardData", "author"];
const MODEL_EXPANDS = [...EXPANDS, "baseModels", "library_name", "pipeline_tag", "safetensors", "gguf"];

export interface HubRefs {
  readonly branches: readonly string[];
  readonly tags: readonly string[];
}

/** Training suites have some hundred branches a model. */
const MAX_REFS = 5_000;

function namesOf(refs: unknown): readonly string[] {
  if (!Array.isArray(refs)) return [];
  const names = refs.slice(0, MAX_REFS).flatMap((ref: unknown) => asText(asObject(ref)?.["name"]) ?? []);
  // Proposals of others come and go under refs/pr/; they are no part of the repository.
  const own = names.filter((name) => !name.startsWith("refs/")).map((name) => name.slice(0, 200));
  return [...new Set(own)].sort(compareText);
}

export class HubApi {
  readonly client: HttpClient;
  readonly #endpoint: URL;
  readonly #reference: HubReference;
  readonly #hasToken: boolean;

  constructor(client: HttpClient, endpoint: URL, reference: HubReference, credential: Credential | null) {
    this.client = client;
    this.#endpoint = endpoint;
    this.#reference = reference;
    this.#hasToken = credential !== null;
  }

  /** The repository at a revision. @throws AjarError NOT_FOUND | REVISION_NOT_FOUND | GATED | UNAUTHORIZED | UNREADABLE … */
  async fetchInfo(revision: string): Promise<JsonObject> {
    const expands = this.#reference.kind === "dataset" ? EXPANDS : MODEL_EXPANDS;
    const path = `${this.#apiPath()}/revision/${encodeURIComponent(revision)}`;
    const asked = this.#request(`${path}?${expands.map((field) => `expand=${field}`).join("&")}`, this.#subject(), [200, 400]);
    const expanded = await this.client.fetchJson(asked, MAX_INFO_BYTES);
    // A mirror or an older server may not know a field; the plain answer holds nearly all of them.
    if (expanded.status === 200) return this.#infoOf(expanded.json);
    return this.#infoOf((await this.client.fetchJson(this.#request(path, this.#subject()), MAX_INFO_BYTES)).json);
  }

  /**
   * Names of branches and tags, sorted: some publishers keep a branch for each checkpoint. Null where the host does not say.
   * @throws AjarError as `fetchInfo`, but for refusals
   */
  async fetchRefs(): Promise<HubRefs | null> {
    const asked = this.#request(`${this.#apiPath()}/refs`, this.#subject(), [200, 400, 401, 403, 404, 405, 501]);
    const { status, json } = await this.client.fetchJson(asked, MAX_INFO_BYTES);
    const refs = status === 200 ? asObject(json) : null;
    return refs === null ? null : { branches: namesOf(refs["branches"]), tags: namesOf(refs["tags"]) };
  }

  /** All files at a commit, over all pages. @throws AjarError as `fetchInfo` */
  async fetchTree(commit: string, maxEntries: number, onPage: (files: number) => void): Promise<HubListing> {
    const listing = new HubListing(maxEntries);
    let request = this.#request(`${this.#apiPath()}/tree/${commit}?recursive=true&expand=false`, this.#subject());
    const seen = new Set<string>([request.url.href]);
    for (let page = 1; ; page += 1) {
      const { json, headers, url } = await this.client.fetchJson(request, MAX_PAGE_BYTES);
      if (!Array.isArray(json)) throw this.#badAnswer("its listing is not a list");
      for (const item of json) listing.add(item);
      onPage(listing.size);
      const link = nextLink(headers.get("link"));
      if (link === null) return listing;
      const next = this.#nextPage(link, url, seen, listing);
      if (next === null || listing.isFull || page >= MAX_PAGES) {
        listing.problems.add("the listing goes on after what was read");
        return listing;
      }
      request = { ...request, url: next };
    }
  }

  /** File names from the repository info, for a gated repository whose tree is refused. */
  async fetchSiblings(commit: string, maxEntries: number): Promise<HubListing> {
    const listing = new HubListing(maxEntries);
    const path = `${this.#apiPath()}/revision/${commit}?blobs=true`;
    const info = this.#infoOf((await this.client.fetchJson(this.#request(path, this.#subject()), MAX_INFO_BYTES)).json);
    const siblings = info["siblings"];
    if (!Array.isArray(siblings)) throw this.#badAnswer("it lists no files");
    for (const item of siblings) listing.add(item);
    return listing;
  }

  /** Request for a file's bytes; LFS content is behind a redirect to storage, where the token does not go. */
  fileRequest(commit: string, hostPath: string, entryPath: string): HttpRequest {
    const prefix = this.#reference.kind === "dataset" ? "/datasets/" : "/";
    const path = hostPath.split("/").map(encodeURIComponent).join("/");
    return this.#request(`${prefix}${this.#reference.id}/resolve/${commit}/${path}`, entryPath);
  }

  #apiPath(): string {
    return `/api/${this.#reference.kind}s/${this.#reference.id}`;
  }

  #subject(): string {
    return hubReferenceText(this.#reference, this.#reference.revision);
  }

  #request(path: string, subject: string, accept: readonly number[] = [200]): HttpRequest {
    const context = { subject, endpoint: this.#endpoint, hasToken: this.#hasToken };
    const base = this.#endpoint.pathname === "/" ? "" : this.#endpoint.pathname;
    return {
      url: new URL(`${this.#endpoint.origin}${base}${path}`),
      subject,
      accept,
      explain: (failure) => hubError(failure, context),
    };
  }

  #infoOf(json: unknown): JsonObject {
    const info = asObject(json);
    if (info === null || asText(info["id"]) === null) throw this.#badAnswer("it does not describe a repository");
    return info;
  }

  #nextPage(link: string, from: URL, seen: Set<string>, listing: HubListing): URL | null {
    const next = URL.parse(link, from.href);
    if (next === null || next.origin !== this.#endpoint.origin || seen.has(next.href)) {
      listing.problems.add(
        next === null || next.origin === this.#endpoint.origin ? "the next page is no page" : "the next page is on another host",
      );
      return null;
    }
    next.username = "";
    next.password = "";
    seen.add(next.href);
    return next;
  }

  #badAnswer(what: string): AjarError {
    const subject = this.#subject();
    return new AjarError("BAD_RESPONSE", `${subject}: ${this.#endpoint.host} answers, but ${what}`, {
      subject,
      hint: "Check that HF_ENDPOINT is a hub.",
    });
  }
}
