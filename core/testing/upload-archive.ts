import { Readable } from "node:stream";
import { administrator, type TestRuntime, testRequest } from "./runtime.ts";

/** Uploads an archive into the history, as a person's browser would. @returns the snapshot's id. */
export async function uploadArchive(
  snapkeep: TestRuntime,
  archive: Buffer,
  place: { clusterId: string; datacenter: string },
): Promise<string> {
  const about = { fileName: "a.snap", bytes: archive.length, ...place };
  const { url, snapshotId } = await snapkeep.execute("snapshots.beginUpload", about);
  const ticket = url.split("/").at(-1) ?? "";
  const { streams } = snapkeep.runtime;
  await streams.upload(
    ticket,
    administrator,
    testRequest("stream"),
    Readable.from([archive]),
    archive.length,
  );
  return snapshotId;
}
