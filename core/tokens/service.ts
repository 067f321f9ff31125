import { createHash, randomBytes } from "node:crypto";
import type { z } from "zod";
import { evaluate, grantsSchema, isWithin, strongestRole } from "#core/access/contract.ts";
import type { Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, noSuch } from "#core/kernel/errors.ts";
import { newTokenId } from "#core/kernel/ids.ts";
import type { Caller } from "#core/kernel/operation.ts";
import { everywhere, type Grant } from "#core/kernel/permission.ts";
import { type createTokenInput, shownChars, type TokenView, tokenPrefix } from "./contract.ts";
import type { TokenRow, TokenStore } from "./store.ts";

const dayMs = 24 * 3_600_000;
/** 256 random bits: no dictionary helps, so a plain SHA-256 is enough to keep. */
const tokenBytes = 32;
/** When a token was last used is told to the minute; a write per request would cost more than the request. */
const usedEveryMs = 60_000;

export type TokenService = ReturnType<typeof createTokenService>;

export function createTokenService(deps: {
  store: TokenStore;
  clock: Clock;
  /** What a person holds now; null when gone or disabled. */
  grantsOfPerson: (userId: string) => Promise<readonly Grant[] | null>;
}) {
  const { store, clock, grantsOfPerson } = deps;

  /** What the token's maker holds; undefined for a token of the command line, null when there is no maker any more. */
  const makersGrants = async (row: TokenRow) =>
    row.makerId === null ? undefined : await grantsOfPerson(row.makerId);

  function stateOf(row: TokenRow, within: readonly Grant[] | null | undefined): TokenView["state"] {
    if (row.revokedAt !== null) return "revoked";
    if (row.expiresAt !== null && row.expiresAt.getTime() <= clock.nowMs()) return "expired";
    return within === null ? "maker gone" : "active";
  }

  const toView = async (row: TokenRow): Promise<TokenView> => ({
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    grants: parseGrants(row.grantsJson),
    makerId: row.makerId,
    makerName: row.makerName,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastUsedBy: row.lastUsedBy,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    state: stateOf(row, await makersGrants(row)),
  });

  return {
    /**
     * Whose token this text is. @param address who sends it.
     * @returns null for every text that is no good, without saying why.
     */
    async authenticate(text: string, address: string): Promise<Extract<Caller, { kind: "token" }> | null> {
      if (!text.startsWith(tokenPrefix)) return null;
      const row = await store.findByHash(hashOf(text));
      if (row === null) return null;
      // Asked once: of a maker who goes between two looks the second would know no limit any more.
      const within = await makersGrants(row);
      if (within === null || stateOf(row, within) !== "active") return null;
      const nowMs = clock.nowMs();
      const isFresh = row.lastUsedAt !== null && Math.abs(nowMs - row.lastUsedAt.getTime()) < usedEveryMs;
      if (!isFresh || row.lastUsedBy !== address) await store.used(row.id, new Date(nowMs), address);
      const grants = parseGrants(row.grantsJson);
      return {
        kind: "token",
        tokenId: row.id,
        name: `api:${row.name}`,
        role: strongestRole(grants),
        makerId: row.makerId,
        grants,
        ...(within === undefined ? {} : { within }),
      };
    },

    /** For the log: which token it is that is no good any more, and why; null for a text that never was one. */
    async refusalOf(text: string): Promise<{ id: string; name: string; why: string } | null> {
      const row = await store.findByHash(hashOf(text));
      if (row === null) return null;
      const state = stateOf(row, await makersGrants(row));
      return { id: row.id, name: `api:${row.name}`, why: refusalWords[state] };
    },

    /** Everybody's for who manages access, else one's own. */
    async list(caller: Caller): Promise<TokenView[]> {
      const all = caller.kind === "system" || evaluate(caller, "access.manage", [everywhere]).allowed;
      const rows = await store.list(all ? null : caller.kind === "person" ? caller.userId : "");
      return Promise.all(rows.map(toView));
    },

    /**
     * @returns the token and its text, which is nowhere else.
     * @throws AppError `forbidden` when it would hold more than its maker does.
     */
    async create(
      input: z.output<typeof createTokenInput>,
      caller: Caller,
      tx: Tx,
    ): Promise<{ token: TokenView; text: string }> {
      if (caller.kind === "token")
        throw new AppError({ code: "forbidden", userMessage: "A token can't make another token." });
      if (caller.kind === "person" && !isWithin(input.grants, caller.grants)) {
        throw new AppError({
          code: "forbidden",
          field: "grants",
          userMessage: "A token may hold at most what its maker holds.",
        });
      }
      const text = `${tokenPrefix}${randomBytes(tokenBytes).toString("base64url")}`;
      const nowMs = clock.nowMs();
      const row: TokenRow = {
        id: newTokenId(),
        name: input.name,
        prefix: text.slice(0, shownChars),
        hash: hashOf(text),
        grantsJson: JSON.stringify(input.grants),
        makerId: caller.kind === "person" ? caller.userId : null,
        makerName: caller.name,
        createdAt: new Date(nowMs),
        expiresAt: input.lifeDays === null ? null : new Date(nowMs + input.lifeDays * dayMs),
        lastUsedAt: null,
        lastUsedBy: null,
        revokedAt: null,
      };
      await store.create(row, tx);
      return { token: await toView(row), text };
    },

    /** @throws AppError `not_found` also for somebody else's, unless the caller manages access. */
    async get(id: string, caller: Caller): Promise<TokenView> {
      const row = await store.find(id);
      const mayAll = caller.kind === "system" || evaluate(caller, "access.manage", [everywhere]).allowed;
      const isOwn = caller.kind === "person" && row?.makerId === caller.userId;
      if (row === null || !(mayAll || isOwn)) throw noSuch("token");
      return toView(row);
    },

    /** @returns when. */
    async revoke(id: string, tx: Tx): Promise<string> {
      const now = new Date(clock.nowMs());
      await store.revoke(id, now, tx);
      return now.toISOString();
    },
  };
}

const refusalWords: Record<TokenView["state"], string> = {
  revoked: "This API token was revoked.",
  expired: "This API token has expired.",
  "maker gone": "Whoever made this API token was removed or disabled.",
  active: "This API token was refused.",
};

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A row that was damaged holds nothing, rather than everything. */
function parseGrants(json: string) {
  try {
    const parsed = grantsSchema.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}
