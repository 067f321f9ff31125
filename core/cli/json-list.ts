/**
 * Writes one JSON object whose last field but for `tail` is a list that may be too long to hold: an item per line.
 */
export function createJsonList(
  write: (text: string) => Promise<void> | undefined,
  head: object,
  name: string,
) {
  let isFirst = true;
  const open = `${JSON.stringify(head).slice(0, -1)}${Object.keys(head).length > 0 ? "," : ""}${JSON.stringify(name)}:[`;
  const start = () => {
    const text = isFirst ? `${open}\n` : ",\n";
    isFirst = false;
    return text;
  };
  return {
    add: (item: unknown) => write(start() + JSON.stringify(item)),
    /** @param tail more fields, after the list */
    end: (tail: object) => write(`${isFirst ? open : "\n"}]${JSON.stringify({ "": 0, ...tail }).slice(5)}\n`),
  };
}
