import type { z } from "zod";
import { diffFields, diffTexts } from "#core/archive/compare/index.ts";
import type { RecordFields, RecordKind } from "#core/archive/index.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import { type ContentsService, findRecord } from "#core/contents/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, toAppError } from "#core/kernel/errors.ts";
import { newComparisonId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { InsideArchive, SnapshotService } from "#core/snapshots/index.ts";
import type { ArchiveStore } from "#core/storage/index.ts";
import type {
  Comparison,
  DifferencesPage,
  differencesInput,
  RecordDifference,
  startInput,
  ValueDifference,
} from "./contract.ts";
import { createDifferencesReader } from "./differences-file.ts";
import { toMatcher } from "./matcher.ts";
import { createRegister, type Entry } from "./register.ts";
import { toDifferenceRow, toFieldDifference, toTextHunks } from "./rows.ts";
import { runComparison } from "./run.ts";
import { liveSide, snapshotSide } from "./sides.ts";

export type ComparisonDeps = {
  snapshots: SnapshotService;
  contents: ContentsService;
  clusters: ClusterService;
  clock: Clock;
  log: Logger;
  /** Holds the snapshots of live sides, and nothing else. */
  live: ArchiveStore;
  /** Holds what comparisons found. */
  results: ArchiveStore;
};
export type ComparisonService = ReturnType<typeof createComparisonService>;
type StartRequest = z.output<typeof startInput>;
type Finished = (outcome: "ok" | "failed", words: string) => Promise<unknown>;

/** Lines of a value beyond this are not compared: it happens between other requests. */
const shownDiff = { pretty: true, charactersMax: 256 * 1024, linesMax: 5_000 };

/** Compares snapshots, and keeps what was found for as long as somebody may look at it. */
export function createComparisonService(deps: ComparisonDeps) {
  const { snapshots, contents, clusters, clock, log, live, results } = deps;
  const register = createRegister(clock, async ({ id, liveIds }) => {
    await results.remove(id);
    for (const liveId of liveIds) {
      contents.forget(liveId);
      await live.remove(liveId);
    }
  });

  async function archiveOf(
    entry: Entry,
    side: "a" | "b",
    input: StartRequest["a"],
    token: string | undefined,
  ): Promise<InsideArchive> {
    if ("snapshotId" in input) return snapshots.inside(input.snapshotId);
    entry.phase = "taking";
    const id = `live-${entry.id.slice(2)}${side}`;
    entry.liveIds.push(id);
    const { signal } = entry.controller;
    const onBytes = () => undefined;
    const taken = await snapshots.takeUnkept({ ...input, id, token, store: live, signal, onBytes });
    const { report, takenAtMs } = taken;
    entry[side] = {
      ...entry[side],
      takenAt: new Date(takenAtMs).toISOString(),
      raftIndex: report.meta?.index ?? null,
      archiveBytes: report.archiveBytes,
      state: "verified",
    };
    return { id, store: live, stateSha256: report.digests.stateSha256 ?? "" };
  }

  async function compare(entry: Entry, input: StartRequest, token: string | undefined): Promise<string> {
    const a = await archiveOf(entry, "a", input.a, token);
    const b = await archiveOf(entry, "b", input.b, token);
    entry.archives = [a, b];
    entry.phase = "comparing";
    entry.bytesTotal = (await a.store.stat(a.id))?.bytes ?? 0;
    entry.bytesTotal += (await b.store.stat(b.id))?.bytes ?? 0;
    const { signal } = entry.controller;
    const onBytes = (bytes: number) => {
      entry.bytesDone += bytes;
    };
    const sides = [a, b] as const;
    const { summary, sections } = await runComparison({ id: entry.id, sides, results, signal, onBytes });
    entry.sections = sections;
    entry.summary = summary;
    const { added, changed, removed } = summary.total;
    return `${added} added, ${changed} changed, ${removed} removed`;
  }

  /** Never throws: however it ends, the entry and the audit log say so. */
  async function run(
    entry: Entry,
    input: StartRequest,
    finished: Finished,
    token: string | undefined,
  ): Promise<void> {
    try {
      const words = await compare(entry, input, token);
      entry.state = "ready";
      await finished("ok", words);
    } catch (error) {
      entry.state = "failed";
      entry.failureText = toAppError(error).userMessage;
      log.warn({ comparisonId: entry.id, err: error }, "a comparison failed");
      await finished("failed", entry.failureText);
    } finally {
      entry.phase = "done";
    }
  }

  function readyEntry(id: string): Entry & { archives: readonly [InsideArchive, InsideArchive] } {
    const entry = register.get(id);
    const { archives } = entry;
    if (entry.state === "ready" && archives !== null) return { ...entry, archives };
    const userMessage = entry.failureText ?? "The comparison is still under way.";
    throw new AppError({ code: "conflict", userMessage });
  }

  async function values(id: string, keyId: string, isRevealed: boolean): Promise<ValueDifference> {
    const [a, b] = readyEntry(id).archives;
    const before = await contents.valueIn(a, keyId, isRevealed);
    const after = await contents.valueIn(b, keyId, isRevealed);
    if (before === null && after === null)
      throw new AppError({ code: "not_found", userMessage: "Neither snapshot has such a key." });
    return { before, after, ...textOf(before, after) };
  }

  return {
    /**
     * The same two snapshots give the comparison that is there; a live side is always fresh.
     * @param token what a live side is read with instead of the cluster's token.
     */
    async start(
      input: StartRequest,
      byName: string,
      finished: Finished,
      token?: string,
    ): Promise<{ id: string; begin: () => void }> {
      const isLive = !("snapshotId" in input.a && "snapshotId" in input.b);
      const known = isLive ? null : register.find(input);
      if (known !== null) {
        return { id: known.id, begin: () => void finished("ok", "compared before") };
      }
      const sideOf = (side: StartRequest["a"]) =>
        "snapshotId" in side ? snapshotSide(snapshots, side.snapshotId) : liveSide(clusters, side, byName);
      const [a, b] = [await sideOf(input.a), await sideOf(input.b)];
      const entry = register.add({ id: newComparisonId(), input, a, b });
      return { id: entry.id, begin: () => void run(entry, input, finished, token) };
    },

    get(id: string): Comparison {
      const entry = register.get(id);
      const { state, phase, failureText, a, b, summary } = entry;
      return {
        id,
        state,
        phase,
        progress:
          phase === "comparing" && entry.bytesTotal > 0
            ? Math.min(1, entry.bytesDone / entry.bytesTotal)
            : null,
        failureText,
        a,
        b,
        startedAt: new Date(entry.startedAtMs).toISOString(),
        summary:
          state !== "ready" || summary === null
            ? null
            : {
                identical: summary.identical,
                total: { ...summary.total },
                kinds: summary.kinds.map(({ type: _, ...counts }) => ({ ...counts })),
              },
      };
    },

    async differences(input: z.output<typeof differencesInput>): Promise<DifferencesPage> {
      const entry = readyEntry(input.id);
      const from = Number(input.cursor ?? 0);
      if (!Number.isSafeInteger(from) || from < 0)
        throw new AppError({
          code: "invalid_input",
          field: "cursor",
          userMessage: "This page address is wrong.",
        });
      const page = await createDifferencesReader(results, entry.id, entry.sections).page({
        kind: input.kind,
        matches: toMatcher(input),
        limit: input.limit,
        from,
      });
      return {
        rows: page.found.map(({ line }) => toDifferenceRow(line)),
        nextCursor: page.next === null ? null : String(page.next),
        ended: page.ended,
      };
    },

    /** Every difference as a row, in order, churn left out; for an export. */
    async *rows(id: string) {
      const entry = readyEntry(id);
      const reader = createDifferencesReader(results, entry.id, entry.sections);
      for (const kind of reader.kinds) {
        for await (const { line } of reader.lines(kind, 0)) if (!line.churn) yield toDifferenceRow(line);
      }
    },

    value: (id: string, keyId: string) => values(id, keyId, false),
    reveal: (id: string, keyId: string) => values(id, keyId, true),

    async record(id: string, kind: RecordKind, identity: string): Promise<RecordDifference> {
      const [a, b] = readyEntry(id).archives;
      const fieldsIn = async (archive: InsideArchive): Promise<RecordFields | null> =>
        findRecord(await contents.indexOf(archive), kind, identity).then(
          ({ fields }) => fields,
          (error: unknown) => {
            if (toAppError(error).code === "not_found") return null;
            throw error;
          },
        );
      const [before, after] = [await fieldsIn(a), await fieldsIn(b)];
      if (before === null && after === null)
        throw new AppError({ code: "not_found", userMessage: "Neither snapshot has such a record." });
      const found = diffFields(before ?? {}, after ?? {}, { kind, identity });
      return { fields: found.map(toFieldDifference) };
    },

    /** Removes what an earlier process left: comparisons live as long as their process. */
    async sweep(): Promise<void> {
      for (const store of [live, results]) {
        for (const id of await store.list()) await store.remove(id);
        await store.removePartials(new Set());
      }
    },

    stop: (): Promise<void> => register.stop(),
  };
}

function textOf(
  before: ValueDifference["before"],
  after: ValueDifference["after"],
): Pick<ValueDifference, "text" | "without"> {
  const sides = [before, after].filter((side) => side !== null);
  const closed = sides.find((side) => side.value.state === "closed");
  if (closed !== undefined) {
    return { text: null, without: `Hidden because the name matches ${closed.entry.closed}` };
  }
  const texts = sides.map(({ value }) => (value.state === "open" ? value : null));
  if (texts.some((value) => value === null || value.form === "binary"))
    return { text: null, without: "Binary values are not compared line by line." };
  if (texts.some((value) => value?.isCut))
    return { text: null, without: "The values are too long to be compared line by line." };
  const textIn = (side: ValueDifference["before"]) =>
    side?.value.state === "open" ? Buffer.from(side.value.base64, "base64").toString("utf8") : "";
  const diff = diffTexts(textIn(before), textIn(after), shownDiff);
  const hunks = toTextHunks(diff);
  if ("without" in hunks) return { text: null, without: hunks.without };
  const isJson = diff.kind === "lines" && diff.pretty;
  return { text: { form: isJson ? "json" : "text", hunks: hunks.hunks }, without: null };
}
