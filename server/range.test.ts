import { describe, expect, it } from "vitest";
import { isAppError } from "#core/kernel/errors.ts";
import { parseRange } from "./range.ts";

describe("a range of a 1,000-byte archive", () => {
  it.each([
    ["bytes=0-0", 0, 0],
    ["bytes=0-999", 0, 999],
    ["bytes=500-", 500, 999],
    ["bytes=999-", 999, 999],
    ["bytes=10-5000", 10, 999],
    ["bytes=-1", 999, 999],
    ["bytes=-1000", 0, 999],
    ["bytes=-5000", 0, 999],
    [" bytes=1-2 ", 1, 2],
  ])("%j is bytes %i to %i", (header, start, end) => {
    expect(parseRange(header, 1_000)).toEqual({ start, end });
  });

  it.each([undefined, "", "bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", "bytes 0-1", "bytes=0x1-2"])(
    "%j is ignored: the whole archive is the answer",
    (header) => {
      expect(parseRange(header, 1_000)).toBeNull();
    },
  );

  it.each(["bytes=1000-", "bytes=1000-2000", "bytes=5-3", "bytes=-0", "bytes=99999999999999999999-"])(
    "%j lies outside and is refused",
    (header) => {
      try {
        parseRange(header, 1_000);
      } catch (error) {
        expect(isAppError(error) && error.code).toBe("range_invalid");
        return;
      }
      expect.unreachable();
    },
  );
});
