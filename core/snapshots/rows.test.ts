import { describe, expect, it } from "vitest";
import { createdAtOf, fileNameOf } from "./rows.ts";

describe("the time in a snapshot's raft id", () => {
  it("is when the server wrote it", () => {
    expect(createdAtOf("2-12426-1604593650375")?.toISOString()).toBe("2020-11-05T16:27:30.375Z");
  });

  it.each([
    "",
    "2-12426",
    "bogus",
    "2-12426-",
    "2-12426-12",
    "2-12426-1604593650375-x",
    "-2-1-1604593650375",
    "2-12426-99999999999999999999",
  ])("is unknown for %j", (id) => {
    expect(createdAtOf(id)).toBeNull();
  });
});

describe("the name of a downloaded file", () => {
  const takenAt = new Date("2026-07-23T02:32:04.567Z");

  it("says the datacenter, the index and the time", () => {
    expect(fileNameOf("dc1", 1_284_113, takenAt)).toBe("consul-dc1-1284113-20260723T023204Z.snap");
    expect(fileNameOf(null, 5, takenAt)).toBe("consul-upload-5-20260723T023204Z.snap");
  });

  it.each(['a"b', "a/../b", "a\r\nSet-Cookie: x", "dc eins", "dç1", ".."])(
    "can't leave its folder or its header, whatever the datacenter %j is named",
    (datacenter) => {
      expect(fileNameOf(datacenter, 1, takenAt)).toMatch(/^consul-[A-Za-z0-9._-]+-1-20260723T023204Z\.snap$/);
    },
  );
});
