import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** How a full disk is made here: what to put before a command, and the folder of it that is small. */
export interface SmallDisk {
  startedBy: string[];
  /** What really happens when it is full: the code that the system gives. */
  errorCode: "ENOSPC" | "EFBIG";
}

/**
 * Gives a process a folder that holds no more than `bytes`. Where the system lets a process make a name space
 * of its own (no root needed), that is a small file system which nobody else sees and which goes away with the
 * process; elsewhere no file of that process may grow beyond `bytes`.
 */
export async function makeSmallDisk(folder: string, bytes: number): Promise<SmallDisk> {
  const mount = 'mount -t tmpfs -o "size=$1" small-disk "$2" && shift 2 && exec "$@"';
  const inNameSpace = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"];
  const startedBy = [...inNameSpace, String(bytes), folder];
  const works = await run(startedBy[0] ?? "", [...startedBy.slice(1), "true"]).then(
    () => true,
    () => false,
  );
  if (works) return { startedBy, errorCode: "ENOSPC" };
  const limit = 'ulimit -f "$1" && shift && exec "$@"';
  return { startedBy: ["sh", "-c", limit, "sh", String(Math.floor(bytes / 512))], errorCode: "EFBIG" };
}

/** The other way alone, so that both are tried wherever the first one works. */
export function makeFileLimit(bytes: number): SmallDisk {
  const limit = 'ulimit -f "$1" && shift && exec "$@"';
  return { startedBy: ["sh", "-c", limit, "sh", String(Math.floor(bytes / 512))], errorCode: "EFBIG" };
}
