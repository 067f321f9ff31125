export function median(numbers: readonly number[]): number;
export function formatSeconds(allMs: readonly number[]): string;
export function compare(
  ours: readonly number[],
  rival: readonly number[],
): { ratio: number; low: number; high: number };
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string[];
