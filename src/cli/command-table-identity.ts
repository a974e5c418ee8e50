// Commands about what files are: their digests, and who signed them. Part of src/cli/command-table.ts.
import type { CommandSpec, OptionSpec } from "./command.ts";
import { format, jobs, output, talk } from "./option-specs.ts";

const offline: OptionSpec = { name: "offline", kind: "flag", env: "AJAR_OFFLINE" };
const timeout: OptionSpec = { name: "timeout", kind: "number", value: "SECONDS", least: 1, env: "AJAR_TIMEOUT" };
const threads: OptionSpec = { ...jobs, text: "digest-jobs" };

/** What both sides of a signature have to agree about. */
const signing: readonly OptionSpec[] = [
  { name: "ignore-paths", kind: "list", value: "PATH", completes: "file" },
  { name: "ignore-git-paths", kind: "flag", shownNegated: true },
  { name: "allow-symlinks", kind: "flag" },
  threads,
  format,
];

export const IDENTITY_COMMANDS: readonly CommandSpec[] = [
  {
    name: "digest",
    operands: [{ name: "TARGET", many: true, completes: "target" }],
    options: [
      { name: "compare", kind: "flag", text: "compare-digests" },
      { name: "tensors", kind: "flag" },
      { name: "weights", kind: "flag", shownNegated: true, text: "digest-weights" },
      { name: "stated", kind: "flag" },
      threads,
      format,
      output,
      offline,
      { name: "max-bytes", kind: "number", value: "N", bytes: true, least: 1, env: "AJAR_MAX_BYTES" },
      { name: "max-archive-depth", kind: "number", value: "N", least: 0, env: "AJAR_MAX_ARCHIVE_DEPTH" },
      timeout,
      ...talk,
    ],
    examples: ["ajar digest ./my-model", "ajar digest --compare ./my-model hf:owner/name", "ajar digest hf:owner/name --stated -f json"],
  },
  {
    name: "sign",
    operands: [{ name: "PATH", completes: "target" }],
    options: [
      { name: "key", kind: "text", value: "FILE", completes: "file", text: "sign-key" },
      { name: "passphrase-file", kind: "text", value: "FILE", completes: "file" },
      { name: "passphrase-env", kind: "text", value: "NAME" },
      { name: "certificate", kind: "text", value: "FILE", completes: "file" },
      { name: "certificate-chain", kind: "list", value: "FILE", completes: "file", text: "sign-certificate-chain" },
      { name: "keyless", kind: "flag" },
      { name: "identity-token-file", kind: "text", value: "FILE", completes: "file" },
      { name: "fulcio-url", kind: "text", value: "URL" },
      { name: "rekor-url", kind: "text", value: "URL" },
      { name: "output", short: "o", kind: "list", value: "FILE", completes: "file", text: "sign-output" },
      { name: "force", kind: "flag", text: "sign-force" },
      { name: "shard-size", kind: "number", value: "N", bytes: true, least: 1 },
      ...signing,
      offline,
      timeout,
      ...talk,
    ],
    examples: [
      "ajar sign ./my-model --key key.pem",
      "ajar sign ./my-model --key key.pem --passphrase-file secret.txt -o my-model.sig",
      "ajar sign ./my-model --keyless",
    ],
  },
  {
    name: "verify",
    operands: [{ name: "PATH", completes: "target" }],
    options: [
      { name: "signature", kind: "text", value: "FILE", completes: "file" },
      { name: "key", kind: "text", value: "FILE", completes: "file", text: "verify-key" },
      { name: "certificate-chain", kind: "list", value: "FILE", completes: "file", text: "verify-certificate-chain" },
      { name: "trusted-root", kind: "text", value: "FILE", completes: "file" },
      { name: "identity", kind: "text", value: "WHO" },
      { name: "identity-provider", kind: "text", value: "URL" },
      { name: "ignore-unsigned-files", kind: "flag" },
      { name: "allow-legacy", kind: "flag" },
      ...signing,
      ...talk,
    ],
    examples: [
      "ajar verify ./my-model --key key.pub.pem",
      "ajar verify ./my-model --signature my-model.sig --certificate-chain root.pem",
      "ajar verify ./my-model --trusted-root trusted_root.json --identity me@example.org --identity-provider https://accounts.example.org",
    ],
  },
];
