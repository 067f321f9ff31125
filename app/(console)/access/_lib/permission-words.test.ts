import { expect, it } from "vitest";
import { permissionsOfRole } from "#core/access/contract.ts";
import { permissionGroups } from "./permission-words.ts";

it("explains every permission there is, once", () => {
  const explained = permissionGroups().flatMap(({ permissions }) =>
    permissions.map((each) => each.permission),
  );
  expect([...explained].sort()).toEqual([...permissionsOfRole.administrator].sort());
});
