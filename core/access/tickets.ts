import { timingSafeEqual } from "node:crypto";
import type { Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import { newTicketId } from "#core/kernel/ids.ts";
import type { SecretBox } from "#core/kernel/secret-box.ts";
import type { createAccessStore } from "./store.ts";

export const ticketLifeMs = 60_000;

export type TicketKind = "download" | "upload" | "export" | "audit-export";
export type Redeemed = { objectId: string; userId: string; correlationId: string; contextJson: string };
export type TicketService = ReturnType<typeof createTicketService>;

/** Says in the log what the answer keeps to itself: the words for whoever sent it are the same each time. */
export class TicketRefused extends AppError {
  constructor(
    readonly why: string,
    /** What it was for; null where that can't be believed. */
    readonly objectId: string | null,
  ) {
    super({
      code: "ticket_invalid",
      userMessage: "This link works once, for a minute, for the person who asked for it. Ask for a new one.",
      message: why,
    });
  }
}

/**
 * A ticket is what a server action hands out after it has checked the permission and written the audit row;
 * the stream handler redeems it. It works once, for a minute, for the person it was made for.
 */
export function createTicketService(deps: {
  store: ReturnType<typeof createAccessStore>;
  box: SecretBox;
  clock: Clock;
}) {
  const { store, box, clock } = deps;
  const signature = (id: string, kind: TicketKind, objectId: string, userId: string) =>
    box.sign("ticket", [id, kind, objectId, userId].join("\n")).slice(0, 32);

  return {
    /** @returns the text that goes into the URL. */
    async issue(
      ticket: {
        kind: TicketKind;
        objectId: string;
        userId: string;
        correlationId: string;
        context?: unknown;
      },
      tx: Tx,
    ): Promise<{ text: string; expiresAt: Date }> {
      const id = newTicketId();
      const expiresAt = new Date(clock.nowMs() + ticketLifeMs);
      const { kind, objectId, userId, correlationId } = ticket;
      const contextJson = JSON.stringify(ticket.context ?? null);
      await store.addTicket({ id, kind, objectId, userId, correlationId, contextJson, expiresAt }, tx);
      return { text: `${id}.${signature(id, kind, objectId, userId)}`, expiresAt };
    },

    /**
     * @param use false only looks: a HEAD request must not use the ticket up.
     * @throws TicketRefused with the same words whatever is wrong with it.
     */
    async redeem(kind: TicketKind, text: string, userId: string, use = true): Promise<Redeemed> {
      const [id = "", given = ""] = text.split(".");
      const row = await store.findTicket(id);
      if (row === null || row.kind !== kind) throw new TicketRefused("This link is of no act.", null);
      const wanted = Buffer.from(signature(row.id, kind, row.objectId, row.userId));
      const got = Buffer.from(given);
      if (wanted.length !== got.length || !timingSafeEqual(wanted, got))
        throw new TicketRefused("This link isn't as it was given out.", null);
      const { objectId } = row;
      if (row.userId !== userId) throw new TicketRefused("This link was given to somebody else.", objectId);
      const now = new Date(clock.nowMs());
      const good = use ? await store.redeemTicket(id, now) : row.redeemedAt === null && row.expiresAt > now;
      if (!good) {
        const isLate = row.redeemedAt === null && row.expiresAt <= now;
        throw new TicketRefused(isLate ? "This link has expired." : "This link was used already.", objectId);
      }
      return {
        objectId,
        userId: row.userId,
        correlationId: row.correlationId,
        contextJson: row.contextJson,
      };
    },

    /** Correlation ids of the acts whose ticket nobody has used, whether it still could be or not. */
    unused: async () => new Set((await store.unusedTickets()).map((row) => row.correlationId)),

    /** Forgets tickets that ended a day ago, and returns the ones that were never used. */
    sweep: () => store.sweepTickets(new Date(clock.nowMs() - 24 * 3_600_000)),
  };
}
