// Texts in the log: by which rule, under which key, and an entry that says so at each start.
import type { ContentRule, LogRecord } from "../contract.ts";
import type { ContentKey } from "../log/content.ts";
import { readContentKey } from "../log/content-key-file.ts";
import type { GateConfig } from "./config.ts";

export interface KeptContent {
  readonly rule: ContentRule;
  readonly key: ContentKey;
}

/** Null where no texts are kept, which is so unless the configuration says otherwise. @throws AjarError BAD_KEY */
export function keptContent(config: GateConfig["log_content"]): KeptContent | null {
  if (config === undefined) return null;
  const { key_file, keep, of, max_bytes } = config;
  return { rule: { keep: [...new Set(keep)].sort(), of, maxBytes: max_bytes }, key: readContentKey(key_file) };
}

/** What the log says about it. @param at ISO 8601, UTC */
export function contentAct(kept: KeptContent | null, at: string): LogRecord {
  const detail = kept === null ? { keep: [] } : { keep: kept.rule.keep, of: kept.rule.of, maxBytes: kept.rule.maxBytes, key: kept.key.id };
  return { kind: "act", at, act: "content", by: "gate", subject: "log", detail };
}
