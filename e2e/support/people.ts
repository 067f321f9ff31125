import { request } from "@playwright/test";
import { noteSecret } from "#core/testing/evidence.ts";
import { runRecordsCommand } from "#core/testing/records-command.ts";
import { expect } from "./fixtures.ts";
import type { Snapkeep } from "./snapkeep.ts";

/** Makes a person on the command line and signs in as them. @returns what a browser context starts with. */
export async function signInAs(snapkeep: Snapkeep, username: string, grant: string[]) {
  const made = await runRecordsCommand(snapkeep.dataFolder, ["user", "create", username, ...grant]);
  const api = await request.newContext({
    baseURL: snapkeep.baseUrl,
    extraHTTPHeaders: { origin: snapkeep.baseUrl },
  });
  const newPassword = noteSecret(`a pass phrase for ${username} alone`);
  const data = { username, password: noteSecret(made.out.trim()), newPassword };
  const answer = await api.post("/api/v1/sign-in", { data });
  expect(answer.status(), made.errors).toBe(200);
  const state = await api.storageState();
  await api.dispose();
  return state;
}
