const here = "http://snapkeep.invalid";

/**
 * The path and query of a request as a browser would have sent them. Next resolves `..` before it looks for a page, so
 * `/_next/static/../../sign-in` would be one thing to the rules in front of it and another to Next.
 * @returns null for what is no address.
 */
export function canonicalTarget(text: string): string | null {
  const address = text.startsWith("/") ? `${here}${text}` : text;
  if (!URL.canParse(address)) return null;
  const { pathname, search } = new URL(address);
  return pathname.startsWith("/") ? `${pathname}${search}` : null;
}
