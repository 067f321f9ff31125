/** Chunks that wait for their turn, handed on in pieces of a worthwhile size. */
export type ByteQueue = {
  readonly push: (chunk: Uint8Array) => void;
  /** Takes whole chunks off the front, joined up to about `pieceBytes`; a single larger chunk comes as it is. */
  readonly take: (pieceBytes: number) => Uint8Array | null;
  readonly bytes: () => number;
  readonly clear: () => void;
};

export function createByteQueue(): ByteQueue {
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  return {
    push: (chunk) => {
      if (chunk.length > 0) {
        chunks.push(chunk);
        bytes += chunk.length;
      }
    },
    take: (pieceBytes) => {
      let count = 0;
      let taken = 0;
      for (const chunk of chunks) {
        if (count > 0 && taken + chunk.length > pieceBytes) {
          break;
        }
        count += 1;
        taken += chunk.length;
      }
      const front = chunks.splice(0, count);
      bytes -= taken;
      return front.length > 1 ? Buffer.concat(front, taken) : (front[0] ?? null);
    },
    bytes: () => bytes,
    clear: () => {
      chunks = [];
      bytes = 0;
    },
  };
}
