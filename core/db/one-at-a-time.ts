import { AsyncLocalStorage } from "node:async_hooks";
import type { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import type { Prisma, PrismaClient } from "./generated/client.ts";

type Factory = InstanceType<typeof PrismaBetterSqlite3>;
type Adapter = Awaited<ReturnType<Factory["connect"]>>;
type Transaction = Awaited<ReturnType<Adapter["startTransaction"]>>;
/** Whose turn it is, for all that is called from there: one statement's or one transaction's. */
type Turn = { open: boolean; kind: "statement" | "transaction" };

/**
 * Prisma's adapter has one connection, and lets statements from outside run in the middle of an open
 * transaction: they would be rolled back with it. Here they wait until it has ended, unless they come from
 * the transaction's own work.
 */
export function createGate() {
  const turns = new AsyncLocalStorage<Turn>();
  let tail: Promise<void> = Promise.resolve();

  function acquire(): Promise<() => void> {
    const before = tail;
    let release: () => void = () => undefined;
    tail = new Promise((resolve) => {
      release = resolve;
    });
    return before.then(() => release);
  }

  const current = () => {
    const turn = turns.getStore();
    return turn?.open === true ? turn.kind : null;
  };

  /** Runs `work` as the turn, and all that it starts until it ends. */
  async function within<T>(kind: Turn["kind"], work: () => Promise<T>): Promise<T> {
    const turn: Turn = { open: true, kind };
    try {
      // Prisma's promises begin when they are awaited, so that has to happen inside as well.
      return await turns.run(turn, async () => await work());
    } finally {
      turn.open = false;
    }
  }

  return {
    acquire,
    current,
    within,
    /** One statement: at once from within a turn, else when it is its own. */
    async statement<T>(work: () => Promise<T>): Promise<T> {
      if (current() !== null) return work();
      const release = await acquire();
      try {
        return await within("statement", work);
      } finally {
        release();
      }
    },
  };
}

export type Gate = ReturnType<typeof createGate>;

/** The same driver, with every transaction behind the gate until it has ended. */
export function oneAtATime(factory: Factory, gate: Gate): Factory {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => guardAdapter(await connect(), gate);
  return factory;
}

function guardAdapter(adapter: Adapter, gate: Gate): Adapter {
  const startTransaction = beginningToWrite(adapter);
  adapter.startTransaction = async (isolation) => {
    // Prisma makes a transaction of some statements by itself; those have their turn already.
    if (gate.current() !== null) return startTransaction.call(adapter, isolation);
    const release = await gate.acquire();
    try {
      return guardTransaction(await startTransaction.call(adapter, isolation), release);
    } catch (error) {
      release();
      throw error;
    }
  };
  return adapter;
}

/**
 * Prisma begins with a plain BEGIN, which reads until its first write. When another process (the command line beside
 * the server) has written by then, that write is refused without waiting. So the write lock is taken at the start.
 */
function beginningToWrite(adapter: Adapter): Adapter["startTransaction"] {
  const { startTransaction } = adapter;
  return async (isolation) => {
    const transaction = await startTransaction.call(adapter, isolation);
    try {
      // Nothing has been read yet, so nothing is lost between the two.
      await adapter.executeScript("COMMIT; BEGIN IMMEDIATE");
    } catch (error) {
      // No transaction is open then; this only lets the adapter's next one begin.
      await transaction.rollback();
      throw error;
    }
    return transaction;
  };
}

function guardTransaction(transaction: Transaction, release: () => void): Transaction {
  const { commit, rollback } = transaction;
  transaction.commit = () => commit.call(transaction).finally(release);
  transaction.rollback = () => rollback.call(transaction).finally(release);
  return transaction;
}

type Work<T> = (tx: Prisma.TransactionClient) => Promise<T>;
type TransactionOptions = Parameters<PrismaClient["$transaction"]>[1];

/**
 * The same client, with every statement behind the gate. Here and not in the driver: Prisma gathers the finds
 * of one turn of the event loop, so the driver would take a transaction's own find for one from outside when
 * both come at the same moment, and the transaction would wait for itself.
 */
export function takingTurns(prisma: PrismaClient, gate: Gate): PrismaClient {
  const guarded = prisma.$extends({
    query: { $allOperations: ({ args, query }) => gate.statement(() => query(args)) },
  });
  const inTurns = guarded.$extends({
    client: {
      async $transaction<T>(work: Work<T>, options?: TransactionOptions): Promise<T> {
        if (gate.current() !== null)
          throw new Error("A transaction can't begin inside another; use the open one.");
        return guarded.$transaction(
          (tx) => gate.within("transaction", () => work(tx as Prisma.TransactionClient)),
          options,
        );
      },
    },
  });
  // The extensions add no operation and change no result, so to its users it is the client that it was.
  return inTurns as unknown as PrismaClient;
}
