import { gunzipSync } from "node:zlib";

export interface ReadMember {
  name: string;
  content: Buffer;
}

/** The members of a good archive, read without the engine under test; small archives only. */
export function readArchiveMembers(archive: Buffer): ReadMember[] {
  const tar = gunzipSync(archive);
  const members: ReadMember[] = [];
  for (let at = 0; tar[at] !== 0 && at < tar.length; ) {
    const name = tar.toString("latin1", at, at + 100).replace(/\0.*$/s, "");
    const bytes = Number.parseInt(tar.toString("latin1", at + 124, at + 135), 8);
    members.push({ name, content: Buffer.from(tar.subarray(at + 512, at + 512 + bytes)) });
    at += 512 + Math.ceil(bytes / 512) * 512;
  }
  return members;
}

export function memberOf(archive: Buffer, name: string): Buffer {
  const found = readArchiveMembers(archive).find((member) => member.name === name);
  if (found === undefined) throw new Error(`The archive has no ${name}.`);
  return found.content;
}
