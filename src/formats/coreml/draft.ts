// What is collected while a Core ML model is walked.
import { AjarError } from "../../core/errors.ts";
import type { ProtoPlace, ProtoWalker } from "../proto-walker.ts";

export interface CoremlTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes in this file; null when they lie in another. */
  readonly place: ProtoPlace | null;
  /** File that holds it, as written, and where its description begins there. */
  readonly blob: { readonly file: string; readonly offset: number } | null;
  /** Where the tensor is mentioned. */
  readonly offset: number;
}

/** Code that the application must bring: a model or a layer by its class. */
export interface CoremlCustom {
  readonly kind: "model" | "layer";
  readonly className: string;
  readonly offset: number;
}

export interface CoremlDraft {
  readonly walker: ProtoWalker;
  readonly tensors: CoremlTensor[];
  readonly custom: CoremlCustom[];
  /** Operations or layers by their type. */
  readonly operations: Map<string, number>;
  /** Other models by file name. */
  readonly linked: { readonly file: string; readonly offset: number }[];
  /** Parts that cannot be looked into. */
  readonly opaque: { readonly what: string; readonly offset: number }[];
}

export const MAX_TEXT = 1024 * 1024;
const MAX_TENSORS = 200_000;
const MAX_TYPES = 10_000;
const MAX_CUSTOM = 1000;

export function keepTensor({ tensors }: CoremlDraft, tensor: CoremlTensor): void {
  if (tensors.length >= MAX_TENSORS) throw tooMany("tensors", MAX_TENSORS, tensor.offset);
  tensors.push(tensor);
}

export function countOperation({ operations }: CoremlDraft, type: string, offset: number): void {
  if (!operations.has(type) && operations.size >= MAX_TYPES) throw tooMany("kinds of operations", MAX_TYPES, offset);
  operations.set(type, (operations.get(type) ?? 0) + 1);
}

export function keepCustom({ custom }: CoremlDraft, found: CoremlCustom): void {
  if (custom.length < MAX_CUSTOM) custom.push(found);
}

export async function readText(walker: ProtoWalker, take: (text: string) => void): Promise<true> {
  take(await walker.text(MAX_TEXT));
  return true;
}

function tooMany(what: string, limit: number, offset: number): AjarError {
  return new AjarError("OVER_LIMIT", `Core ML model of more than ${limit} ${what}`, { offset });
}
