// The same release on a hub: what an audit, a listing and a scan of it transfer.

import { bytesShare } from "./listing.ts";
import { peakOf } from "./measure.ts";
import { RangeHub } from "./range-hub.ts";
import { sparseRelease } from "./sparse-release.ts";

const COMMANDS: readonly (readonly string[])[] = [
  ["audit", "hf:maker/large"],
  ["scan", "hf:maker/large"],
];

export async function http(): Promise<void> {
  const files = sparseRelease();
  console.log("the same release over HTTP on loopback:");
  for (const args of COMMANDS) {
    const hub = await RangeHub.start("maker/large", files);
    try {
      const { mebibytes } = await peakOf(args, { HF_ENDPOINT: hub.endpoint }, [0, 1, 3]);
      console.log(`  ajar ${args.join(" ")}: ${bytesShare(files, hub.bytesSent)}, ${hub.requests} requests, ${mebibytes} MiB resident`);
    } finally {
      await hub.close();
    }
  }
}
