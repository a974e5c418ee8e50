// A gate's process that holds a model's: says the model's process, and is killed.
// Usage: node held-model-child.ts FILE
import { openTestLlama } from "../../support/llama.ts";

const engine = await openTestLlama().load({ file: process.argv[2] ?? "", signal: new AbortController().signal });
const state = engine.state?.();
process.stdout.write(`${state?.kind === "ready" ? state.pid : 0}\n`);
setInterval(() => undefined, 1_000);
