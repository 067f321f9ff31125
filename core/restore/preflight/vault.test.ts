import { describe, expect, it } from "vitest";
import { openContentsIndex } from "#core/archive/contents-index/index.ts";
import { kvRecord, makeIndex, sourceOf } from "#core/archive/contents-index/index-for-tests.ts";
import { findVault, vaultLines } from "./vault.ts";

const signal = new AbortController().signal;
/** More than are looked at in one go, all before "vault" and after "app". */
const many = Array.from({ length: 20_000 }, (_, at) => `app/core/seen-${String(at).padStart(5, "0")}`);
const late = "zz/team/store/";

async function look(keys: readonly string[], budgetMs: number, wanted = signal) {
  const index = await openContentsIndex(sourceOf(makeIndex([...keys].sort().map((key) => kvRecord(key)))));
  return findVault(index, { budgetMs, signal: wanted });
}

describe("Vault's storage in a snapshot", () => {
  it("is found under its usual paths however many keys come before, and without time to look at them", async () => {
    for (const path of ["vault/", "vault-prod/"]) {
      const found = await look([...many, `${path}core/seal-config`, `${path}logical/x`], 0);
      expect(found).toEqual({ path, isWhole: true });
    }
    expect(await look([...many, "vault/core/keyring"], 0)).toEqual({ path: "vault/", isWhole: true });
  });

  it("is found under any other path, the root too, behind page after page of keys that look alike", async () => {
    for (const path of [late, "secret/vault/"])
      expect(await look([...many, `${path}core/seal-config`], 60_000)).toEqual({ path, isWhole: true });
    expect(await look([...many, `${late}core/keyring`], 60_000)).toEqual({ path: late, isWhole: true });
    expect(await look([...many, "core/seal-config"], 60_000)).toEqual({ path: "", isWhole: true });
  });

  it("that was not looked for to the end is a warning, and never silence", async () => {
    const found = await look([...many, `${late}core/seal-config`], 0);
    expect(found).toEqual({ path: null, isWhole: false });
    expect(vaultLines(found, 20_001, null)).toMatchObject([
      {
        name: "vault",
        result: "warning",
        title: "Not looked through for a Vault",
        reason: "not_looked_through",
        detail: expect.stringMatching(/^The snapshot has 20,001 keys/),
      },
    ]);
  });

  it("that isn't there is no line, whatever keys only end alike", async () => {
    const found = await look(
      [...many, "hardcore/keyring", "vault", "vault/notes", "app/hardcore/seal-config"],
      60_000,
    );
    expect(found).toEqual({ path: null, isWhole: true });
    expect(vaultLines(found, 20_004, null)).toEqual([]);
    expect(await look([], 0)).toEqual({ path: null, isWhole: true });
  });

  it("is no longer looked for once the preflight was stopped", async () => {
    const stopped = AbortSignal.abort(new Error("stopped"));
    await expect(look([...many, `${late}core/seal-config`], 60_000, stopped)).rejects.toThrow("stopped");
  });
});
