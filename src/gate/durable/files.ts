// Files that are there after the power went: whole under their name, or not at all.
import { closeSync, fsyncSync, openSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes names in a folder durable; systems that cannot open folders do it themselves. */
export function syncFolder(folder: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(folder, "r");
  } catch {
    return;
  }
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Replaces a file: its old content or its new one is there at any moment, the new one once this resolves. @throws the system's error */
export async function replaceDurably(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await using handle = await open(temporary, "w", 0o600);
    await handle.writeFile(content);
    await handle.sync();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Puts a text at `position`, which becomes the end of the file, and waits until it is on the disk. @throws the system's error */
export async function writeDurablyAt(path: string, position: number, text: string): Promise<void> {
  await using handle = await openOrMake(path);
  await handle.truncate(position);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.byteLength; ) at += (await handle.write(bytes, at, bytes.byteLength - at, position + at)).bytesWritten;
  await handle.sync();
}

async function openOrMake(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r+");
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
  const handle = await open(path, "wx", 0o600);
  syncFolder(dirname(path));
  return handle;
}

/** Whether an error of the system is the one of that name, e.g. `ENOENT`. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
