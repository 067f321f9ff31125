import { transactionOpsMax } from "./contract.ts";
import type { KeyChange } from "./key-changes.ts";
import { isTransactionKey, transactionValueBytesMax } from "./keys.ts";

/** Consul's `txn_max_req_len` is 512 KiB unless set, and counts the body. */
const transactionBytesMax = 480 * 1024;

/** Puts changes together as Consul takes them: at most 64, and no more than a body may hold. */
export function createChunks() {
  let waiting: KeyChange[] = [];
  let bytes = 0;
  return {
    /** Gives the chunk that is full before this change. */
    add(change: KeyChange): KeyChange[] {
      const alone = goesAlone(change);
      // Base64 takes four bytes for three; JSON may write a byte of a key as six.
      const own = Math.ceil((change.to?.value.length ?? 0) / 3) * 4 + change.key.length * 6 + 120;
      const isFull =
        waiting.length > 0 &&
        (alone || waiting.length === transactionOpsMax || bytes + own > transactionBytesMax);
      const full = isFull || waiting.some(goesAlone) ? this.rest() : [];
      waiting.push(change);
      bytes += own;
      return full;
    },
    rest(): KeyChange[] {
      const full = waiting;
      waiting = [];
      bytes = 0;
      return full;
    },
  };
}

/** By `/v1/kv/` and not in a transaction. A delete carries no value. */
export function goesAlone({ key, to }: KeyChange): boolean {
  return !isTransactionKey(key) || (to?.value.length ?? 0) > transactionValueBytesMax;
}
