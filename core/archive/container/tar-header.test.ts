import { describe, expect, it } from "vitest";
import { signTarHeader, writeTar } from "../../testing/archive-writer.ts";
import { parsePaxSize } from "./pax-size.ts";
import { decodeTarHeader } from "./tar-header.ts";

const stateHeaderOffset = 1024;

function changed(change: (block: Buffer) => void): Buffer {
  const block = Buffer.from(writeTar().subarray(stateHeaderOffset, stateHeaderOffset + 512));
  change(block);
  signTarHeader(block);
  return block;
}

describe("decodeTarHeader", () => {
  it("reads GNU's base-256 size of a state.bin of 8 GiB and more", () => {
    const block = changed((header) => {
      header.fill(0, 124, 136);
      header.writeUInt8(0x80, 124);
      header.writeUIntBE(2 ** 33 + 5, 130, 6);
    });
    expect(decodeTarHeader(block, 0)).toEqual({ name: "state.bin", bytes: 2 ** 33 + 5, kind: "file" });
  });

  it.each([
    ["a negative size", (header: Buffer) => header.fill(0xff, 124, 136)],
    ["a size beyond 2^53", (header: Buffer) => header.fill(0xff, 125, 136).fill(0x80, 124, 125)],
    ["a time that is no number", (header: Buffer) => header.fill("x", 136, 147)],
    ["no magic", (header: Buffer) => header.fill(0, 257, 265)],
  ])("refuses %s", (_name, change) => {
    expect(() => decodeTarHeader(changed(change), 1024)).toThrow(
      expect.objectContaining({ code: "TAR_HEADER", offset: 1024 }),
    );
  });

  it("joins the prefix to the name, so that such a name is no plain state.bin", () => {
    expect(
      decodeTarHeader(
        changed((header) => header.write("backup", 345)),
        0,
      ).name,
    ).toBe("backup/state.bin");
  });
});

describe("parsePaxSize", () => {
  it("reads what Go writes for 8 GiB", () => {
    expect(parsePaxSize(Buffer.from("19 size=8589934592\n"), 0)).toBe(8589934592);
  });

  it.each(["", "18 size=8589934592\n", "19 size=8589934592\n19 size=8589934592\n", "20 size=-8589934592\n"])(
    "refuses %j",
    (body) => {
      expect(() => parsePaxSize(Buffer.from(body), 0)).toThrow(
        expect.objectContaining({ code: "TAR_HEADER" }),
      );
    },
  );
});
