import { z } from "zod";
import type { ActContext } from "#core/db/index.ts";
import { defineOperation } from "#core/kernel/operation.ts";
import { everywhere } from "#core/kernel/permission.ts";
import {
  createPersonInput,
  endedSessions,
  oneTimePassword,
  peopleList,
  personRef,
  setBreakGlassInput,
  setGrantsInput,
} from "./contract.ts";
import type { AccessService } from "./service.ts";

const places = [everywhere];
/** Where the grants that somebody gives come from, for the page of people. */
const from = ({ request }: ActContext) => (request.door === "cli" ? "command line" : "console");
/** What every change of a person has in common; people belong to no cluster. */
const change = {
  permission: "access.manage",
  audit: "change",
  auditFields: ["name", "grants", "breakGlass", "disabled"],
} as const;

export function createPeopleOperations(deps: { access: AccessService }) {
  const { people, offer } = deps.access;
  const target = async (_context: ActContext, input: { id: string }) => ({
    kind: "person",
    id: input.id,
    label: await people.nameOf(input.id),
    places,
  });
  /** Whoever manages one cluster's access learns nothing of who there is: an id of somebody is answered like one of nobody. */
  const ofOne = { target, seenWith: "access.manage" } as const;

  return {
    "people.list": defineOperation({
      name: "people.list",
      input: z.object({}),
      output: peopleList,
      permission: "access.manage",
      audit: "none",
      auditAction: "person.list",
      target: () => ({ kind: "person", id: null, label: "people", places }),
      run: async ({ caller }: ActContext) => {
        const list = await people.list(caller.kind === "person" ? caller.userId : null);
        return { people: list, provider: offer.provider, localSignIn: offer.localSignIn };
      },
    }),
    "people.create": defineOperation({
      name: "people.create",
      input: createPersonInput,
      output: oneTimePassword,
      ...change,
      auditAction: "person.add",
      target: (_context: ActContext, input) => ({ kind: "person", id: null, label: input.name, places }),
      run: async (context: ActContext, input) => {
        const made = await people.create({ ...input, from: from(context), password: null }, context.tx);
        context.changed(null, made.record);
        return { id: made.id, name: input.name, password: made.password ?? "" };
      },
    }),
    "people.setGrants": defineOperation({
      name: "people.setGrants",
      input: setGrantsInput,
      output: personRef,
      ...change,
      auditAction: "person.grants",
      ...ofOne,
      run: async (context: ActContext, { id, grants }) => {
        const { before, after } = await people.setGrants(id, grants, from(context), context.tx);
        context.changed(before, after);
        return { id };
      },
    }),
    "people.setBreakGlass": defineOperation({
      name: "people.setBreakGlass",
      input: setBreakGlassInput,
      output: personRef,
      ...change,
      auditAction: "person.break_glass",
      ...ofOne,
      run: async (context: ActContext, { id, breakGlass }) => {
        const { before, after } = await people.setBreakGlass(id, breakGlass, context.tx);
        context.changed(before, after);
        return { id };
      },
    }),
    "people.disable": simple("people.disable", "person.disable", "disable"),
    "people.enable": simple("people.enable", "person.enable", "enable"),
    "people.remove": simple("people.remove", "person.remove", "remove"),
    "people.resetPassword": defineOperation({
      name: "people.resetPassword",
      input: personRef,
      output: oneTimePassword,
      ...change,
      auditAction: "person.reset_password",
      ...ofOne,
      run: async (context: ActContext, { id }) => ({ id, ...(await people.resetPassword(id, context.tx)) }),
    }),
    "people.resetSecondFactor": defineOperation({
      name: "people.resetSecondFactor",
      input: personRef,
      output: personRef,
      ...change,
      auditAction: "person.reset_second_factor",
      ...ofOne,
      run: async (context: ActContext, { id }) => {
        await people.resetSecondFactor(id, context.tx);
        return { id };
      },
    }),
    "people.endSessions": defineOperation({
      name: "people.endSessions",
      input: personRef,
      output: endedSessions,
      ...change,
      auditAction: "session.end",
      ...ofOne,
      run: async (context: ActContext, { id }) => ({ id, ended: await people.endSessions(id, context.tx) }),
    }),
  };

  function simple<Name extends string>(
    name: Name,
    auditAction: string,
    act: "disable" | "enable" | "remove",
  ) {
    return defineOperation({
      name,
      input: personRef,
      output: personRef,
      ...change,
      auditAction,
      ...ofOne,
      run: async (context: ActContext, { id }) => {
        const { before, after } = await people[act](id, context.tx);
        context.changed(before, after);
        return { id };
      },
    });
  }
}
