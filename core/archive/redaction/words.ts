// Browser-safe.

/**
 * The words of a name in lower case: "stripeAPI_key2" is stripe, api, key. Digits end a word, and letters that
 * only touch ("monkey") stay one word, which is what keeps "keyboard" and "tokenizer" open.
 */
export function toWords(name: string): readonly string[] {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== "");
}
