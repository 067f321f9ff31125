export type PlanNotes = {
  locked: number;
  lockedLive: number;
  liveOnly: number;
  elsewhere: number;
  hidden: number;
  unreachable: number;
  missing: number;
  emptyPrefixes: number;
  /** Records to be written that Consul has no check-and-set for. */
  withoutCas: number;
  /** Sentences about records that are left out. */
  records: string[];
};

const keys = (count: number, one: string, many: string): string =>
  count === 1 ? `1 key ${one}` : `${count.toLocaleString("en-US")} keys ${many}`;

/** What the plan leaves out, and what whoever reads it may not expect, each in a sentence. */
export function toNotes(notes: PlanNotes): string[] {
  const { locked, lockedLive, liveOnly, elsewhere, hidden, unreachable, missing, emptyPrefixes, withoutCas } =
    notes;
  const lines: [number, string][] = [
    [
      locked,
      `${keys(locked, "was", "were")} locked in the snapshot. Values come back; locks and sessions don't.`,
    ],
    [
      lockedLive,
      `${keys(lockedLive, "is", "are")} locked by a session now. The value is recovered all the same, and the lock stays.`,
    ],
    [
      liveOnly,
      `${keys(liveOnly, "isn't", "aren't")} in the snapshot under what was chosen. Nothing is deleted: they stay as they are.`,
    ],
    [missing, `${keys(missing, "that was chosen isn't", "that were chosen aren't")} in the snapshot.`],
    [
      emptyPrefixes,
      emptyPrefixes === 1
        ? "The snapshot has no key under 1 of the prefixes."
        : `The snapshot has no key under ${emptyPrefixes} of the prefixes.`,
    ],
    [hidden, `${keys(hidden, "is", "are")} left out: the token may not read what is there now.`],
    [
      unreachable,
      `${keys(unreachable, "is", "are")} left out: Consul's API can't write a key of this name or a value of this size.`,
    ],
    [
      withoutCas,
      "Policies, roles, queries and intentions have no check-and-set in Consul: a change in the moment of writing could be lost.",
    ],
    [elsewhere, `${keys(elsewhere, "is", "are")} left out: namespaces and partitions of Enterprise.`],
  ];
  return [...lines.filter(([count]) => count > 0).map(([, text]) => text), ...notes.records];
}
