// The oldest Node.js that Ajar runs on; package.json says the same.

const OLDEST = [22, 18] as const;

/** What to tell somebody who runs another one, null where it is new enough. @param version as in `process.versions.node` */
export function nodeProblem(version: string): string | null {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null;
  return `ajar: needs Node.js ${OLDEST.join(".")} or later, and this is ${version}\n  Update Node.js, or run \`npx ajar\`, which brings its own.\n`;
}
