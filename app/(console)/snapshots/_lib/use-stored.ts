"use client";

import { useCallback, useEffect, useState } from "react";

/**
 * A value that this browser remembers. The first paint has the fallback, as the server doesn't know the
 * browser's storage; text that can't be read counts as nothing.
 */
export function useStored<T>(key: string, fallback: T, read: (value: unknown) => T): [T, (next: T) => void] {
  const [value, setValue] = useState(fallback);
  useEffect(() => {
    const text = window.localStorage.getItem(key);
    if (text === null) return;
    void new Response(text).json().then(
      (stored: unknown) => setValue(read(stored)),
      () => undefined,
    );
  }, [key, read]);
  const store = useCallback(
    (next: T) => {
      setValue(next);
      window.localStorage.setItem(key, JSON.stringify(next));
    },
    [key],
  );
  return [value, store];
}
