import { findChromium } from "./chromium.mjs";
import { findConsul } from "./consul-binary.mjs";
import { say } from "./say.mjs";
import { Trouble } from "./trouble.mjs";

async function need(find) {
  try {
    return await find({ fetch: true, say });
  } catch (error) {
    // Their messages are sentences that say what to install; a stack would only hide them.
    throw new Trouble(error.message, { cause: error });
  }
}

/** A Consul binary, fetched where that is possible. */
export function needConsul() {
  return need(findConsul);
}

/** A browser for the tests, installed where that is possible. */
export function needChromium() {
  return need(findChromium);
}
