"use client";
import { useEffect, useState } from "react";

/** Turns true `ms` after the component appeared: for what is only said when something takes its time. */
export function useLater(ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return late;
}
