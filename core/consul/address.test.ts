import { describe, expect, it } from "vitest";
import { isAppError } from "#core/kernel/errors.ts";
import { parseConsulAddress } from "./address.ts";

describe("an address goes where it says", () => {
  it.each([
    ["127.0.0.1:8500", false, "http://127.0.0.1:8500"],
    ["127.0.0.1:8500", true, "https://127.0.0.1:8500"],
    ["consul.example.com:80", false, "http://consul.example.com"],
    ["consul.example.com:443", true, "https://consul.example.com"],
    ["consul.example.com:443", false, "http://consul.example.com:443"],
    ["http://consul.example.com", false, "http://consul.example.com"],
    ["https://consul.example.com", false, "https://consul.example.com"],
    ["https://consul.example.com:8501", false, "https://consul.example.com:8501"],
    ["https://consul.example.com:8501/", false, "https://consul.example.com:8501"],
    ["HTTPS://Consul.Example.com:8501", false, "https://consul.example.com:8501"],
    ["[::1]:8500", false, "http://[::1]:8500"],
    ["https://[fd00::11]:8501", false, "https://[fd00::11]:8501"],
    ["  127.0.0.1:8500 \n", false, "http://127.0.0.1:8500"],
  ])("%j (CONSUL_HTTP_SSL %s) is %s", (text, forceTls, origin) => {
    const address = parseConsulAddress(text, forceTls);
    expect(address.origin.replace(/:80$/, "")).toBe(origin);
    expect(address.tls).toBe(origin.startsWith("https:"));
    expect(address.socketPath).toBeNull();
    expect(address.text).toBe(text.trim());
  });

  it("a scheme that was written beats CONSUL_HTTP_SSL", () => {
    expect(parseConsulAddress("http://a:1", true).tls).toBe(false);
    expect(parseConsulAddress("https://a:1", false).tls).toBe(true);
  });

  it.each([
    ["10.0.3.11", false, "http://10.0.3.11:8500"],
    ["10.0.3.11", true, "https://10.0.3.11:8501"],
    ["[::1]", false, "http://[::1]:8500"],
  ])(
    "%j, typed without scheme and port, is taken to mean Consul's default port: %3$s",
    (text, tls, origin) => {
      expect(parseConsulAddress(text, tls).origin).toBe(origin);
    },
  );

  it("a unix socket is a path, spoken to without TLS", () => {
    expect(parseConsulAddress("unix:///run/consul/http.sock", true)).toEqual({
      text: "unix:///run/consul/http.sock",
      origin: "http://localhost",
      host: "localhost",
      tls: false,
      socketPath: "/run/consul/http.sock",
    });
  });
});

describe("what can't be used is refused with a sentence that names the address and the field", () => {
  it.each([
    ["", "write it like"],
    ["   ", "write it like"],
    ["::1", "write it like"],
    ["a b:8500", "write it like"],
    ["host:99999", "write it like"],
    ["host:port", "write it like"],
    ["http://", "write it like"],
    ["unix://run/consul.sock", "absolute path"],
    ["unix://", "absolute path"],
    ["http://user:pw@host:8500", "user name or password"],
    ["host:8500/v1", "end after the port"],
    ["http://host:8500/?dc=dc1", "end after the port"],
    ["http://host:8500/#x", "end after the port"],
    ["ftp://host", "end after the port"],
  ])("%j: %s", (text, words) => {
    try {
      parseConsulAddress(text);
    } catch (error) {
      if (!isAppError(error)) throw error;
      expect(error.code).toBe("invalid_input");
      expect(error.field).toBe("addresses");
      expect(error.userMessage).toContain(words);
      expect(error.userMessage).toContain(JSON.stringify(text));
      return;
    }
    expect.unreachable(`${text} was taken`);
  });
});
