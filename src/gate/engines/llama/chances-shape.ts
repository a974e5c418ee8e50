// Log probabilities as OpenAI's two endpoints write them.
import type { TokenChance } from "./chances.ts";

/** `choices[].logprobs` of chats. https://platform.openai.com/docs/api-reference/chat/object */
export function chatChances(chances: readonly TokenChance[]): object | null {
  if (chances.length === 0) return null;
  return {
    content: chances.map(({ token, logprob, bytes, top }) => ({
      token,
      logprob,
      bytes,
      top_logprobs: top.map((one) => ({ token: one.token, logprob: one.logprob, bytes: one.bytes })),
    })),
    refusal: null,
  };
}

/** `choices[].logprobs` of completions. https://platform.openai.com/docs/api-reference/completions/object */
export function completionChances(chances: readonly TokenChance[]): object | null {
  if (chances.length === 0) return null;
  return {
    tokens: chances.map(({ token }) => token),
    token_logprobs: chances.map(({ logprob }) => logprob),
    // Parts of characters are all written alike: the most likely one stands for them.
    top_logprobs: chances.map(({ top }) => Object.fromEntries([...top].reverse().map(({ token, logprob }) => [token, logprob]))),
    text_offset: chances.map(({ start }) => start),
  };
}
