// Keys are bytes, and a keyId is their base64url. The folders above a key follow from its bytes alone.

const slash = 0x2f;

/** The keyIds of the folders that lead to a key, outermost first; a folder's own id is not among them. */
export function ancestorsOf(keyId: string): string[] {
  const bytes = toBytes(keyId);
  const ancestors: string[] = [];
  for (const [at, byte] of bytes.entries()) {
    if (byte === slash && at < bytes.length - 1) ancestors.push(toKeyId(bytes.subarray(0, at + 1)));
  }
  return ancestors;
}

/** The folders to open so that a folder's children are seen: those above it, and itself. */
export function opensOf(folderId: string): string[] {
  return folderId === "" ? [] : [...ancestorsOf(folderId), folderId];
}

/** The last part of a key, as a name for a file: nothing in it leads out of a folder or hides its ending. */
export function fileNameOf(text: string): string {
  const last = text.split(/[/\\]/).findLast((part) => part !== "") ?? "";
  const safe = last.replace(/[^\p{L}\p{N}._ -]/gu, "_").replace(/^[. ]+/, "_");
  return safe.slice(0, 100) || "value";
}

function toBytes(keyId: string): Uint8Array {
  try {
    const binary = atob(keyId.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    // A link that somebody broke opens nothing.
    return new Uint8Array();
  }
}

function toKeyId(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
