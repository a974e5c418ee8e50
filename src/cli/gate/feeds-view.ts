// What a gate says of its recall feeds when it starts: what came of each, and what follows where one cannot be believed.
import type { FeedView } from "../../gate/doors/recalls/book.ts";
import type { Language } from "../../reports/language.ts";
import { text } from "../../reports/messages.ts";
import { safeText } from "../../reports/safe-text.ts";
import { speaker } from "../failure.ts";

export async function feedLines(feeds: readonly FeedView[], language: Language): Promise<readonly string[]> {
  const say = await speaker(language);
  const word = (id: string, args: Record<string, string | number> = {}): string => text({ id, args }, language);
  return feeds.map((view) => {
    const feed = safeText(view.from);
    const count = view.advisories;
    if (view.problem !== null)
      return word("serve.feed.problem", { feed, problem: safeText(say(view.problem)), follows: word(follows(view)) });
    if (view.isStale) return word("serve.feed.stale", { feed, count, follows: word(follows(view)) });
    return word("serve.feed.fresh", { feed, count });
  });
}

function follows({ isStale, onStale, sequence }: FeedView): string {
  if (isStale && onStale === "block") return "serve.feed.shuts";
  return sequence === null ? "serve.feed.nothing" : "serve.feed.holds";
}
