import type { ContentsIndex } from "#core/archive/contents-index/index.ts";
import type { ConsulClient } from "#core/consul/index.ts";
import { count, type LookedLine, warning } from "./line.ts";

/** Vault's own keys under whatever path its storage has; a storage that was ever initialised has the first. */
const marks = ["core/seal-config", "core/keyring"] as const;
/** Both marks and little else, so that the keys are gone through once. */
const markPattern = "*core/?e*";
/** Vault's own default, and what people make of it: vault-prod/, vault2/. */
const usualHead = "vault";
const usualFoldersMax = 100;
/** After this others have their turn, and whoever stopped the look is heard. */
const pageMs = 250;
const pageKeys = 200;

export type VaultSearch = {
  /** Of the storage in KV, with its last "/", empty for the root; null where none was found. */
  readonly path: string | null;
  /** Whether every key was looked at that had to be, so that null means that there is none. */
  readonly isWhole: boolean;
};

/** Looks where Vault usually is, which is quick in any state, then at the name of every key. */
export async function findVault(
  { kv }: Pick<ContentsIndex, "kv">,
  { budgetMs, signal }: { budgetMs: number; signal: AbortSignal },
): Promise<VaultSearch> {
  const usual = await findUsual(kv);
  if (usual !== null) return { path: usual, isWhole: true };
  const untilMs = performance.now() + budgetMs;
  let after: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    const leftMs = Math.max(0, Math.min(pageMs, untilMs - performance.now()));
    const page = await kv.search({ pattern: markPattern, limit: pageKeys, after, budgetMs: leftMs });
    const path = page.items.map(({ text }) => storageOf(text)).find((each) => each !== null);
    if (path !== undefined) return { path, isWhole: true };
    if (page.next === null) return { path: null, isWhole: true };
    if (performance.now() >= untilMs) return { path: null, isWhole: false };
    after = page.next;
  }
}

async function findUsual(kv: ContentsIndex["kv"]): Promise<string | null> {
  const { items } = await kv.children(usualHead, { limit: usualFoldersMax });
  for (const { path, isFolder } of items) {
    if (!isFolder) continue;
    for (const mark of marks) if ((await kv.find(path.text + mark)) !== null) return path.text;
  }
  return null;
}

/** The path before a mark; null where the key is none: `hardcore/keyring` is somebody else's. */
function storageOf(key: string): string | null {
  const mark = marks.find((each) => key.endsWith(each));
  if (mark === undefined) return null;
  const path = key.slice(0, -mark.length);
  return path === "" || path.endsWith("/") ? path : null;
}

/** Whether somebody holds the lock that an active Vault has; null: can't be read. */
export async function isVaultActive(
  client: ConsulClient,
  datacenter: string,
  vaultPath: string,
  token: string | undefined,
): Promise<boolean | null> {
  const key = `${vaultPath}core/lock`.split("/").map(encodeURIComponent).join("/");
  try {
    const path = `/v1/kv/${key}?dc=${encodeURIComponent(datacenter)}`;
    const answer = await client.getJson(path, { token, acceptStatuses: [404] });
    const [entry] = Array.isArray(answer) ? (answer as { Session?: unknown }[]) : [];
    return typeof entry?.Session === "string" && entry.Session !== "";
  } catch {
    return null;
  }
}

/** @param isLocked whether an active Vault holds its lock now; null: not known. */
export function vaultLines(
  { path, isWhole }: VaultSearch,
  keys: number,
  isLocked: boolean | null,
): LookedLine[] {
  if (path === null) return isWhole ? [] : [notLookedThrough(keys)];
  const active =
    isLocked === true
      ? " Vault is active now: it holds its lock."
      : isLocked === false
        ? " Nobody holds its lock now."
        : "";
  const where = path === "" ? "At the root" : `Under ${path}`;
  return [
    warning("vault", "Vault keeps its storage in this KV store", {
      reason: "found",
      detail: `${where}.${active} Vault keeps a cache, and writes what it remembers over what was restored.`,
      todo: "Seal or stop Vault before, and start it again after.",
      accept: "Vault is sealed or stopped, and is started again after",
    }),
  ];
}

function notLookedThrough(keys: number): LookedLine {
  return warning("vault", "Not looked through for a Vault", {
    reason: "not_looked_through",
    detail: `The snapshot has ${count(keys)} keys, too many to look at each name in time. No path that begins with "${usualHead}" holds a storage of Vault.`,
    todo: "Ask whether a Vault keeps its storage here under another path. Seal or stop it before, and start it again after.",
    accept: "No Vault keeps its storage here, or it is sealed or stopped",
  });
}
