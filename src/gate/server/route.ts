// Which address means what. An address that is not here is refused: nothing is ever handed on that no screen can read.
import type { Endpoint } from "../contract.ts";
import { Fault } from "./fault.ts";

export type Route =
  | { readonly kind: "call"; readonly endpoint: Endpoint }
  | { readonly kind: "models" }
  | { readonly kind: "model"; readonly id: string; readonly release: boolean }
  | { readonly kind: "health" }
  | { readonly kind: "ready" }
  | { readonly kind: "metrics" }
  | { readonly kind: "admin"; readonly path: string; readonly query: URLSearchParams }
  | { readonly kind: "page"; readonly path: string };

const CALLS: ReadonlyMap<string, Route> = new Map(
  (["chat/completions", "completions", "responses", "embeddings"] as const).map((endpoint) => [
    `/v1/${endpoint}`,
    { kind: "call", endpoint } as const,
  ]),
);

const VIEWS: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["/v1/models", { kind: "models" }],
  ["/healthz", { kind: "health" }],
  ["/readyz", { kind: "ready" }],
  ["/metrics", { kind: "metrics" }],
]);

const MODEL = "/v1/models/";
const RELEASE = "/release";
const ADMIN = "/admin/";
/** Longer targets name nothing that is here. */
const LONGEST = 2048;

/** @throws Fault unknown_endpoint | method_not_allowed | invalid_request */
export function routeOf(method: string, target: string): Route {
  const call = CALLS.get(target);
  if (call !== undefined) return only("POST", method, call);
  if (target.length > LONGEST) throw new Fault("invalid_request", "the address is too long");
  const cut = target.indexOf("?");
  const path = cut === -1 ? target : target.slice(0, cut);
  if (path.startsWith(ADMIN)) return adminRoute(method, path, cut === -1 ? "" : target.slice(cut + 1));
  if (cut !== -1 && (path.startsWith("/v1/") || VIEWS.has(path))) {
    throw new Fault("invalid_request", "no query is taken here: parameters belong in the body, and a key in the Authorization header");
  }
  const view = VIEWS.get(path);
  if (view !== undefined) return only("GET", method, view);
  if (path.startsWith(MODEL)) return only("GET", method, modelRoute(path.slice(MODEL.length)));
  if (path.startsWith("/v1/") || method !== "GET") throw unknownEndpoint();
  return { kind: "page", path };
}

export function unknownEndpoint(): Fault {
  return new Fault("unknown_endpoint", "there is no such endpoint here; what no filter can read is not handed on");
}

function only(allowed: "GET" | "POST", method: string, route: Route): Route {
  if (method !== allowed) throw new Fault("method_not_allowed", `this address takes ${allowed} only`, { allow: allowed });
  return route;
}

function adminRoute(method: string, path: string, search: string): Route {
  if (method !== "GET" && method !== "POST") {
    throw new Fault("method_not_allowed", "this address takes GET and POST only", { allow: "GET, POST" });
  }
  const query = new URLSearchParams(search);
  for (const name of query.keys()) {
    if (/key|token|secret|authorization/iu.test(name)) throw new Fault("invalid_request", "a key belongs in the Authorization header");
  }
  return { kind: "admin", path: path.slice(ADMIN.length - 1), query };
}

function modelRoute(rest: string): Route {
  const release = rest.endsWith(RELEASE) && rest.length > RELEASE.length;
  const name = release ? rest.slice(0, -RELEASE.length) : rest;
  try {
    return { kind: "model", id: decodeURIComponent(name), release };
  } catch {
    throw new Fault("invalid_request", "the model's name is not well encoded");
  }
}
