"use server";

import { action } from "#app/_server/action.ts";

export const getAccount = action("account.get");
export const changePassword = action("account.changePassword");
export const listSessions = action("account.sessions");
export const endSession = action("account.endSession");
export const endOtherSessions = action("account.endOtherSessions");
export const beginTotp = action("account.beginTotp");
export const confirmTotp = action("account.confirmTotp");
export const disableTotp = action("account.disableTotp");
export const newRecoveryCodes = action("account.newRecoveryCodes");
export const listPasskeys = action("account.passkeys");
export const beginPasskey = action("account.beginPasskey");
export const finishPasskey = action("account.finishPasskey");
export const renamePasskey = action("account.renamePasskey");
export const removePasskey = action("account.removePasskey");
