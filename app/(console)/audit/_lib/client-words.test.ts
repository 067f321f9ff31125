import { describe, expect, it } from "vitest";
import { clientWords } from "./client-words.ts";

const web = (userAgent: string) => clientWords({ door: "action", userAgent });

describe("the words for a client", () => {
  it("name browser, version and system", () => {
    expect(web("Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0")).toBe(
      "web, Firefox 141 on Linux",
    );
    expect(
      web(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0",
      ),
    ).toBe("web, Edge 139 on Windows");
    expect(
      web(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15",
      ),
    ).toBe("web, Safari 18 on macOS");
    expect(
      web(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      ),
    ).toBe("web, Safari 18 on iOS");
    expect(
      web(
        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
      ),
    ).toBe("web, Chrome 138 on Android");
  });

  it("call a browser that asks over a route web, and a program API", () => {
    const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";
    expect(clientWords({ door: "route", userAgent: firefox })).toBe("web, Firefox 141 on Linux");
    expect(clientWords({ door: "route", userAgent: "curl/8.5.0" })).toBe("API, curl 8.5.0");
  });

  it("say the way alone when there is no agent, and cut one that is nothing known", () => {
    expect(clientWords({ door: "cli", userAgent: null })).toBe("command line");
    expect(clientWords({ door: "route", userAgent: " " })).toBe("API");
    expect(clientWords({ door: "route", userAgent: "x".repeat(500) })).toBe(`API, ${"x".repeat(60)}`);
  });

  it("pass an unknown door on as it is", () => {
    expect(clientWords({ door: "gateway", userAgent: null })).toBe("gateway");
  });
});
