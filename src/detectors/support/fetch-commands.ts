// Commands in code blocks that fetch weights: what they name, and whether it is this release's.
import type { DetectorContext } from "../detector.ts";
import { isSameOwner, ownerOf, ownNames } from "./publisher.ts";
import { namesRelease } from "./release-names.ts";

const FETCH =
  /\b(?:from_pretrained|load_model|snapshot_download|hf_hub_download)\s*\(\s*(?:[\w.]+\s*=\s*)?f?["']([^"'\s]{1,120})["']|\b(?:huggingface-cli|hf|modelscope)\s+download\s+(?:--\S+\s+)*["']?([\w./-]{1,120})|\bollama\s+(?:run|pull)\s+([\w.:/-]{1,80})|git\s+clone\s+https?:\/\/(?:huggingface\.co|www\.modelscope\.cn)\/([\w./-]{1,120})|\bdownload_(?:model|weights|checkpoint)s?\.(?:py|sh)\s+([\w.-]{1,40})/u;

/** What the first command of a code block fetches, when it is this release's; null when it fetches nothing or something else. */
export function ownFetch(context: DetectorContext, text: string): string | null {
  const match = FETCH.exec(text);
  const name = match?.slice(1).find((one) => one !== undefined);
  if (match === null || name === undefined) return null;
  return match[5] !== undefined || isOwn(context, text, match[0], name) ? name : null;
}

function isOwn(context: DetectorContext, text: string, command: string, name: string): boolean {
  const owner = ownerOf(context);
  const [first = ""] = name.split("/");
  if (owner !== null && name.includes("/") && isSameOwner(first, owner)) return true;
  // The release's own package fetches its own weights: whisper.load_model("turbo").
  const names = ownNames(context);
  return namesRelease(name, names) || (/load_model/u.test(command) && namesRelease(/([\w.]+)\.load_model/u.exec(text)?.[1] ?? "", names));
}
