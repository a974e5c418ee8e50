// Loaded before Ajar: tells on file descriptor 3 how much memory the process took at most, in KiB.
const { isMainThread } = require("node:worker_threads");
const { writeSync } = require("node:fs");

if (isMainThread) process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));
