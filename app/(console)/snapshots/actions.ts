"use server";

import { action } from "#app/_server/action.ts";

export const takeSnapshot = action("snapshots.take");
export const cancelTake = action("snapshots.cancel");
export const pinSnapshot = action("snapshots.pin");
export const deleteSnapshot = action("snapshots.delete");
export const createDownloadTicket = action("snapshots.download");
export const beginUpload = action("snapshots.beginUpload");
export const revealValue = action("contents.revealValue");
export const revealRecord = action("contents.revealRecord");
