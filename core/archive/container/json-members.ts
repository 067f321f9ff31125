// JSON.parse says neither how a number was written nor that a key came twice. Go's decoder minds the first for
// integers (1.0 and 1e3 are refused) and takes the last of two keys, whatever their case; a file where that makes
// a difference must not be read in two ways.

type JsonMember = { readonly key: string; readonly literal: string; readonly depth: number };

type JsonMembers = {
  /** Every `"key": literal` where the literal is a number, string, true, false or null, in order. */
  readonly scalars: readonly JsonMember[];
  /** The keys that an object has twice, letter case aside. */
  readonly repeatedKeys: readonly string[];
};

const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/** Lists the scalar members of a text that JSON.parse has accepted; other texts give nonsense. */
export function listJsonMembers(text: string): JsonMembers {
  const scalars: JsonMember[] = [];
  const open: Set<string>[] = [];
  const repeatedKeys: string[] = [];
  let before = "";
  let key: string | null = null;
  for (const [part] of text.matchAll(token)) {
    if (part === "{" || part === "[") {
      open.push(new Set());
    } else if (part === "}" || part === "]") {
      open.pop();
    } else if (part === ":") {
      key = String(JSON.parse(before));
      const keys = open.at(-1);
      if (keys?.has(key.toLowerCase())) {
        repeatedKeys.push(key);
      }
      keys?.add(key.toLowerCase());
    } else if (part !== "," && key !== null && before === ":") {
      scalars.push({ key, literal: part, depth: open.length });
    }
    before = part;
  }
  return { scalars, repeatedKeys };
}
