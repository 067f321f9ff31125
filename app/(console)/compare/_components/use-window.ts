"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useState } from "react";

type Range = { first: number; last: number };

const overscanPx = 240;

/**
 * Which of many rows of known heights can be seen in an area that scrolls. Heights that are known beforehand need
 * no measuring, so two dozen lines do what a library would.
 */
export function useWindow(area: RefObject<HTMLElement | null>, heights: readonly number[]) {
  const tops = useMemo(() => {
    const sums = new Float64Array(heights.length + 1);
    for (const [at, height] of heights.entries()) sums[at + 1] = (sums[at] ?? 0) + height;
    return sums;
  }, [heights]);
  const [range, setRange] = useState<Range>({ first: 0, last: 40 });

  const look = useCallback(() => {
    const element = area.current;
    if (element === null) return;
    const first = Math.max(0, place(tops, element.scrollTop - overscanPx));
    const last = place(tops, element.scrollTop + element.clientHeight + overscanPx);
    setRange((old) => (old.first === first && old.last === last ? old : { first, last }));
  }, [area, tops]);

  useLayoutEffect(look, [look]);
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [area, look]);

  /** Scrolls as little as it takes to show a row, with `above` pixels kept free for what sticks to the top. */
  const show = useCallback(
    (at: number, above: number) => {
      const element = area.current;
      const top = tops[at];
      const bottom = tops[at + 1];
      if (element === null || top === undefined || bottom === undefined) return;
      if (top - above < element.scrollTop) element.scrollTop = top - above;
      else if (bottom > element.scrollTop + element.clientHeight)
        element.scrollTop = bottom - element.clientHeight;
    },
    [area, tops],
  );

  return { first: range.first, last: Math.min(range.last, heights.length - 1), tops, show };
}

/** The last row that begins at or above `top`. */
function place(tops: Float64Array, top: number): number {
  let low = 0;
  let high = tops.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= top) low = middle;
    else high = middle - 1;
  }
  return low;
}
