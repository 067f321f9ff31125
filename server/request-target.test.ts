import { describe, expect, it } from "vitest";
import { canonicalTarget } from "./request-target.ts";

describe("the address of a request", () => {
  it.each([
    ["/snapshots?q=a%2Fb", "/snapshots?q=a%2Fb"],
    ["/_next/static/../../api/v1/session", "/api/v1/session"],
    ["/_next/static/%2e%2E/.%2e/api/v1/session", "/api/v1/session"],
    ["/_next/static\\..\\..\\sign-in", "/sign-in"],
    ["/api/v1/./snapshots/upload", "/api/v1/snapshots/upload"],
    ["http://elsewhere.example/sign-in?x=1", "/sign-in?x=1"],
    ["//elsewhere.example/x", "//elsewhere.example/x"],
  ])("%s is the one that a browser would send", (text, wanted) => {
    expect(canonicalTarget(text)).toBe(wanted);
  });

  it.each(["*", "", "snapkeep.invalid:443"])("that is none is told: %j", (text) => {
    expect(canonicalTarget(text)).toBeNull();
  });
});
