import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { inRepo } from "./paths.mjs";
import { serverEnvironment, serverFlags } from "./server-flags.mjs";

it("starts the server by `npm start` as the demo and the bench do", () => {
  const { scripts } = JSON.parse(readFileSync(inRepo("package.json"), "utf8"));
  const environment = Object.entries(serverEnvironment).map(([name, value]) => `${name}=${value}`);
  expect(scripts.start).toBe(
    ["exec env", ...environment, "node", ...serverFlags, "scripts/start.mjs"].join(" "),
  );
});
