/** A browser as far as the redirects of a sign-in need one: cookies per host, and no page drawn. */
export function createOidcBrowser() {
  const jars = new Map<string, Map<string, string>>();

  async function visit(url: URL, init: RequestInit = {}): Promise<Response> {
    const jar = jars.get(url.host) ?? new Map<string, string>();
    jars.set(url.host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, headers: { cookie, ...init.headers }, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  return {
    /**
     * Signs in at the provider under this name.
     * @param from the page that Snapkeep sends the browser to.
     * @returns the address that the provider sends it back to, which is not visited.
     */
    async signIn(from: string, login: string, backTo: string): Promise<URL> {
      let url = new URL(from);
      let response = await visit(url);
      for (let hops = 0; hops < 10; hops += 1) {
        const location = response.headers.get("location");
        if (location === null) {
          const page = await response.text();
          if (!page.includes('name="login"'))
            throw new Error(`The provider answered: ${page.slice(0, 2_000)}`);
          const body = new URLSearchParams({ login });
          response = await visit(url, { method: "POST", body });
          continue;
        }
        url = new URL(location, url);
        if (url.href.startsWith(backTo)) return url;
        response = await visit(url);
      }
      throw new Error("The provider sends the browser round in circles.");
    },
  };
}
