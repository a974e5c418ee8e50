// What a client asked that the embedded engine does not do, or not so.
import type { EngineReply } from "../../contract.ts";

export type Whole = Extract<EngineReply, { kind: "whole" }>;

type Code = "unsupported_parameter" | "invalid_value" | "context_length_exceeded" | "invalid_json" | "engine_busy";

/** Becomes an error in OpenAI's shape; its text repeats no prompt. */
export class BadRequest extends Error {
  readonly code: Code;
  /** Name of the parameter that it is about. */
  readonly param: string | null;
  readonly status: number;

  constructor(code: Code, message: string, param: string | null = null, status = 400) {
    super(message);
    this.name = "BadRequest";
    this.code = code;
    this.param = param;
    this.status = status;
  }

  reply(): Whole {
    const type = this.status >= 500 ? "server_error" : "invalid_request_error";
    const reply = whole(this.status, { error: { message: this.message, type, param: this.param, code: this.code } });
    return this.status === 429 ? { ...reply, retryAfter: 1 } : reply;
  }
}

export function unsupported(param: string, message = `${param} is not supported by the embedded engine`): BadRequest {
  return new BadRequest("unsupported_parameter", message, param);
}

export function invalid(param: string, wanted: string): BadRequest {
  return new BadRequest("invalid_value", `${param} must be ${wanted}`, param);
}

export function whole(status: number, body: unknown): Whole {
  return { kind: "whole", status, body: new TextEncoder().encode(JSON.stringify(body)) };
}
