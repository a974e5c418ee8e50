// Labels that a file of the release contradicts. Each reason names that file; docs/components.md tells the whole story.
export const disputes: ReadonlyMap<string, string> = new Map([]);
