"use server";

import { action } from "#app/_server/action.ts";

export const listPeople = action("people.list");
export const createPerson = action("people.create");
export const setGrants = action("people.setGrants");
export const setBreakGlass = action("people.setBreakGlass");
export const disablePerson = action("people.disable");
export const enablePerson = action("people.enable");
export const removePerson = action("people.remove");
export const resetPassword = action("people.resetPassword");
export const resetSecondFactor = action("people.resetSecondFactor");
export const endSessions = action("people.endSessions");
export const createToken = action("tokens.create");
export const revokeToken = action("tokens.revoke");
