// Which targets a stranger may have the server audit. A server that opens any address or path would read for others what only it can reach.

export interface TargetRules {
  /** Paths of this machine; only ever on loopback. */
  readonly local: boolean;
  /** Git repositories at any https address, internal ones too. */
  readonly git: boolean;
}

/** Registries and the hub: their hosts are fixed by this server's own settings, not by who asks. */
const REMOTE = /^(?:hf|npm|pypi):[^\s/\\][^\s\\]*$/u;
const GIT = /^(?:git\+)?https:\/\/[^\s\\]+$/u;

/** Why a target is refused; null when it may be audited. */
export function refusalOf(target: string, { local, git }: TargetRules): string | null {
  if (REMOTE.test(target) && !target.includes("..")) return null;
  if (GIT.test(target)) return git ? null : "this server audits no git addresses; start it with --allow-git";
  return local ? null : "this server audits hf:, npm: and pypi: only; start it with --allow-local for paths";
}
