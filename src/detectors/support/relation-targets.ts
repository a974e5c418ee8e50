// Addresses of models and data sets, written as cards write them.

const HUB =
  /^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/(datasets\/)?([\w.-]+\/[\w.-]+?)(?:\/(?:tree|blob|resolve|discussions)\/.*)?\/?$/u;
/** Pages that are no repository although their address looks like one. */
const HUB_PAGES = /^(?:papers|docs|blog|spaces|collections|learn|tasks|api|join|login|models|organizations)\//u;
const REPOSITORY =
  /^https?:\/\/(?:www\.)?(?:github\.com|gitlab\.com|gitee\.com|modelscope\.cn\/models|www\.modelscope\.cn\/models)\/[\w.-]+\/[\w.-]+/u;

/** `owner/name` for an address on the hub, the address itself for a repository elsewhere, null for other pages. */
export function targetOfUrl(url: string): string | null {
  const address = url.replace(/[?#].*$/u, "");
  const id = HUB.exec(address)?.[2];
  if (id !== undefined) return HUB_PAGES.test(id) ? null : id;
  return REPOSITORY.test(address) ? address.replace(/\/$/u, "") : null;
}
