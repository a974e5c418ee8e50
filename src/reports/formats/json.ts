import type { Format } from "../format.ts";
import { render, toJson, withSchema } from "../json.ts";

export const format: Format = {
  id: "json",
  extensions: [".json"],
  render,
  renderMany: (reports) => toJson(reports.map(withSchema)),
};
