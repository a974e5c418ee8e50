// Pages by the address's hash: a static export has no server that could know paths.
import { useEffect, useState } from "preact/hooks";

export type Route =
  | { readonly page: "browse" | "matrix"; readonly text: string; readonly where: readonly string[] }
  | { readonly page: "release"; readonly id: number; readonly report: number | null }
  | { readonly page: "charts" };

function routeOf(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/u, "").split("?");
  const search = new URLSearchParams(query);
  const [page, id] = path.split("/");
  if (page === "release" && /^\d+$/u.test(id ?? "")) {
    const report = Number(search.get("report"));
    return { page, id: Number(id), report: Number.isSafeInteger(report) && report > 0 ? report : null };
  }
  if (page === "charts") return { page };
  return { page: page === "matrix" ? "matrix" : "browse", text: search.get("q") ?? "", where: search.getAll("where") };
}

export function hashOf(route: Route): string {
  switch (route.page) {
    case "charts":
      return "#/charts";
    case "release":
      return `#/release/${route.id}${route.report === null ? "" : `?report=${route.report}`}`;
    default: {
      const search = new URLSearchParams(route.where.map((condition) => ["where", condition]));
      if (route.text !== "") search.set("q", route.text);
      const query = search.toString();
      return `#/${route.page === "matrix" ? "matrix" : ""}${query === "" ? "" : `?${query}`}`;
    }
  }
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const change = (): void => setRoute(routeOf(location.hash));
    addEventListener("hashchange", change);
    return () => removeEventListener("hashchange", change);
  }, []);
  return route;
}
