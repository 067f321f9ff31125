import { AsyncLocalStorage } from "node:async_hooks";
import type { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";

type Factory = InstanceType<typeof PrismaBetterSqlite3>;
type Adapter = Awaited<ReturnType<Factory["connect"]>>;
type Transaction = Awaited<ReturnType<Adapter["startTransaction"]>>;

/**
 * Prisma's adapter has one connection, and lets statements from outside run in the middle of an open
 * transaction: they would be rolled back with it. Here they wait until it has ended, unless they come from
 * the transaction's own work.
 */
export function createGate() {
  const inside = new AsyncLocalStorage<{ open: boolean }>();
  let tail: Promise<void> = Promise.resolve();

  function acquire(): Promise<() => void> {
    const before = tail;
    let release: () => void = () => undefined;
    tail = new Promise((resolve) => {
      release = resolve;
    });
    return before.then(() => release);
  }

  async function outside<T>(work: () => Promise<T>): Promise<T> {
    if (inside.getStore()?.open === true) return work();
    const release = await acquire();
    try {
      return await work();
    } finally {
      release();
    }
  }

  return {
    acquire,
    outside,
    /** Marks `work` and all it starts as the inside of a transaction, until it ends. */
    async within<T>(work: () => Promise<T>): Promise<T> {
      const mark = { open: true };
      try {
        return await inside.run(mark, work);
      } finally {
        mark.open = false;
      }
    },
  };
}

export type Gate = ReturnType<typeof createGate>;

/** The same driver, with every statement and every transaction behind the gate. */
export function oneAtATime(factory: Factory, gate: Gate): Factory {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => guardAdapter(await connect(), gate);
  return factory;
}

function guardAdapter(adapter: Adapter, gate: Gate): Adapter {
  const { queryRaw, executeRaw, startTransaction } = adapter;
  adapter.queryRaw = (query) => gate.outside(() => queryRaw.call(adapter, query));
  adapter.executeRaw = (query) => gate.outside(() => executeRaw.call(adapter, query));
  adapter.startTransaction = async (isolation) => {
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

function guardTransaction(transaction: Transaction, release: () => void): Transaction {
  const { commit, rollback } = transaction;
  transaction.commit = () => commit.call(transaction).finally(release);
  transaction.rollback = () => rollback.call(transaction).finally(release);
  return transaction;
}
