import { setImmediate as nextTurn } from "node:timers/promises";
import { countMax } from "./contract.ts";
import { type Direction, type Filter, type Sql, toPhrases } from "./filter-sql.ts";
import { leftOfSql, matchesSql, type Plan, type Range, rangeSql, rareMatchesSql } from "./page-sql.ts";

/** Runs SQL that answers one JSON text. */
export type Ask = <T>(query: Sql) => Promise<T>;
export type Found = {
  entries: number[];
  more: boolean;
  total: number;
  totalIsExact: boolean;
  offset: number;
};
type Search = { plan: Plan; range: Range };
type Page = { bound: number | null; direction: Direction; limit: number };
/** The newest entries that the text finds, newest first; and the ones of them that the other conditions leave. */
type Known = {
  phrase: string;
  matching: number[];
  left: number[];
  looked: number;
  /** Whether `matching` is all that the text finds. */
  whole: boolean;
};

/** How many rows the other conditions are checked at before counting stops. */
const lookMax = 1_000;
/** How many entries are fetched at once for them to be checked at: a page seldom needs more. */
const matchMax = 3_000;

/**
 * A page of what the text finds, in the order of entries: the search table knows no other, and the two differ only
 * where the clock was set back. The text is looked up once and the rest done with the list, because looking up a word
 * that many rows hold costs some ms whatever is wanted of it.
 * @param rare what the plan's driver holds is at most `countMax` rows.
 */
export async function search(
  ask: Ask,
  filter: Filter,
  { plan, rare, ...page }: Page & { plan: Plan; rare: boolean },
): Promise<Found> {
  const [low, high] = await ask<[number | null, number | null]>(rangeSql(filter));
  // Nothing was written after `from`, or before `to`.
  if ((filter.from !== undefined && low === null) || (filter.to !== undefined && high === null))
    return { entries: [], more: false, total: 0, totalIsExact: true, offset: 0 };
  const asked = { plan, range: { low: low ?? 0, high: high ?? Number.MAX_SAFE_INTEGER } };
  const known = await knownOf(ask, filter, asked, rare);
  const entries = await pageOf(ask, asked, known, page);
  const shown = entries.slice(0, page.limit);
  if (page.direction === "newer") shown.reverse();
  const first = shown[0];
  return {
    entries: shown,
    more: entries.length > page.limit,
    total: Math.min(known.left.length, countMax),
    totalIsExact: known.looked === known.matching.length && known.left.length <= countMax,
    offset: first === undefined ? 0 : Math.min(known.left.filter((one) => one > first).length, countMax),
  };
}

/** The columns of the search table that a text is looked for in. */
const textColumns = "target targetId snapshotId actorName address requestId reason detail";

/**
 * What the search table can tell of the other conditions, so that a text that many rows hold and a rare outcome meet
 * there and not row by row. It knows words and no order of them beyond that: what it finds is checked all the same.
 */
function withConditions(phrase: string, { action, outcome, actor }: Filter): string {
  const conditions = Object.entries({ action, outcome, actorName: actor }).flatMap(([column, value]) => {
    const { whole } = toPhrases(value ?? "");
    return whole === '""' ? [] : [`AND {${column}} : ${whole}`];
  });
  return [`({${textColumns}} : ${phrase})`, ...conditions].join(" ");
}

async function knownOf(ask: Ask, filter: Filter, { plan, range }: Search, rare: boolean): Promise<Known> {
  const { whole: word, open } = toPhrases(filter.q ?? "");
  const isAll = plan.driver === null && plan.time.length === 0;
  // Where a rare condition may answer instead, it has to be known whether the text finds more than that one does.
  const most = isAll || rare ? countMax : matchMax;
  const newest = (phrase: string) => ask<number[]>(matchesSql(phrase, range, "older", most + 1));
  let phrase = withConditions(word, filter);
  let matching = await newest(phrase);
  // A word that very many rows hold is what was meant; going through all that begins with it would take long.
  if (open !== null && matching.length <= most) {
    phrase = withConditions(open, filter);
    matching = await newest(phrase);
  }
  const isWhole = matching.length <= most;
  if (isAll) return { phrase, matching, left: matching, looked: matching.length, whole: isWhole };
  if (rare && matching.length > countMax) {
    const left = await ask<number[]>(rareMatchesSql(phrase, plan));
    return { phrase, matching: left, left, looked: left.length, whole: true };
  }
  const left = await ask<number[]>(leftOfSql(plan, matching.slice(0, lookMax), "older"));
  return { phrase, matching, left, looked: Math.min(matching.length, lookMax), whole: isWhole };
}

/** One entry more than the page holds, when there is one; in the direction's order. */
async function pageOf(ask: Ask, asked: Search, known: Known, page: Page): Promise<number[]> {
  const { matching, left, looked, whole } = known;
  const lowest = matching[looked - 1] ?? 0;
  const bound = page.bound ?? Number.MAX_SAFE_INTEGER;
  if (page.direction === "newer") {
    if ((whole && looked === matching.length) || bound >= lowest)
      return left
        .filter((entry) => entry > bound)
        .reverse()
        .slice(0, page.limit + 1);
    return walk(ask, asked, known.phrase, bound, page);
  }
  const found = left.filter((entry) => entry < bound);
  for (let from = looked; found.length <= page.limit && from < matching.length; from += lookMax) {
    const next = matching.slice(from, from + lookMax).filter((entry) => entry < bound);
    if (next.length > 0) found.push(...(await ask<number[]>(leftOfSql(asked.plan, next, "older"))));
    await nextTurn();
  }
  const end = matching.at(-1);
  if (whole || end === undefined || found.length > page.limit) return found.slice(0, page.limit + 1);
  return [...found, ...(await walk(ask, asked, known.phrase, Math.min(end, bound), page))].slice(
    0,
    page.limit + 1,
  );
}

/** Goes on from an entry through what the text finds, until the page is full. */
async function walk(
  ask: Ask,
  { plan, range }: Search,
  phrase: string,
  from: number,
  { direction, limit }: Page,
): Promise<number[]> {
  const found: number[] = [];
  const left = { ...range };
  for (let at = from; ; ) {
    if (direction === "older") left.high = Math.min(left.high, at - 1);
    else left.low = Math.max(left.low, at + 1);
    const matching = await ask<number[]>(matchesSql(phrase, left, direction, countMax));
    found.push(...(await ask<number[]>(leftOfSql(plan, matching, direction))));
    const last = matching.at(-1);
    if (last === undefined || matching.length < countMax || found.length > limit) return found;
    at = last;
    await nextTurn();
  }
}
