/** Deeper JSON is left as it is; it also keeps the stack from running out. */
const depthMax = 200;

/**
 * JSON in one shape for all that say the same: two spaces, a line for each item, names in order. Numbers and texts
 * stand as they were written, since a number can be more exact than JavaScript's. Null when it is no JSON, or too
 * deep.
 */
export function toPrettyJson(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  // What follows reads text that is known to be JSON, so it need not look for mistakes.
  const tokens = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  const read: Tokens = { tokens, at: 0 };
  return prettyValue(read, 0);
}

type Tokens = { readonly tokens: readonly string[]; at: number };

function take(read: Tokens): string {
  const token = read.tokens[read.at] ?? "";
  read.at += 1;
  return token;
}

function prettyValue(read: Tokens, depth: number): string | null {
  const token = take(read);
  if (token !== "{" && token !== "[") {
    return token;
  }
  if (depth === depthMax) {
    return null;
  }
  const close = token === "{" ? "}" : "]";
  const items: { readonly name: string; readonly text: string }[] = [];
  while (read.tokens[read.at] !== close) {
    const name = token === "{" ? take(read) : "";
    if (token === "{") {
      take(read);
    }
    const text = prettyValue(read, depth + 1);
    if (text === null) {
      return null;
    }
    items.push({ name, text });
    if (read.tokens[read.at] === ",") {
      take(read);
    }
  }
  take(read);
  return joined(token, close, token === "{" ? items.sort(byName) : items, depth);
}

/** Of a name that comes twice, the order is kept: the last one counts. */
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function joined(
  open: string,
  close: string,
  items: readonly { readonly name: string; readonly text: string }[],
  depth: number,
): string {
  if (items.length === 0) {
    return open + close;
  }
  const indent = "  ".repeat(depth + 1);
  const lines = items.map(({ name, text }) => `${indent}${name === "" ? "" : `${name}: `}${text}`);
  return `${open}\n${lines.join(",\n")}\n${"  ".repeat(depth)}${close}`;
}
