/** `51d0 7be2 … 90aa 3f17`: enough of a hash to tell it from another by eye. */
export function digestEnds(digest: string): string {
  if (digest.length <= 20) return digest;
  const four = (from: number) => digest.slice(from, from + 4);
  const end = digest.length;
  return `${four(0)} ${four(4)} … ${four(end - 8)} ${four(end - 4)}`;
}
