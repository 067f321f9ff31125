import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { inRepo } from "./paths.mjs";
import { failedOnce, passedOnce } from "./test-reports.mjs";

const secretCharsMin = 8;

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

/** The secrets that tests noted, once each, and as they would stand in JSON or in an address. */
export function readSecrets(files) {
  const lines = files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== ""),
  );
  const plain = [...new Set(lines)]
    .map((line) => JSON.parse(line))
    .filter((text) => text.length >= secretCharsMin);
  return new Map(
    plain.flatMap((text) =>
      [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)].map((form) => [form, text]),
    ),
  );
}

/** Where which secret stands: the file, and only so much of the secret that it can be told. */
export function findSecrets(secrets, files) {
  return files.flatMap((file) => {
    // A start prints the setup token for whoever installs Snapkeep; that one line is meant to be read.
    const text = readFileSync(file, "utf8").replaceAll(/^Setup token: \S+$/gm, "");
    return [...secrets]
      .filter(([form]) => text.includes(form))
      .map(([form, plain]) => ({ file, hint: `${plain.slice(0, 4)}…`, near: near(text, form, secrets) }));
  });
}

/** What stands before it, without the other secrets that may be there. */
function near(text, form, secrets) {
  const at = text.indexOf(form);
  const before = text.slice(Math.max(0, at - 160), at).replaceAll("\n", " ");
  return [...secrets.keys()].reduce((words, secret) => words.replaceAll(secret, "…"), before);
}

/** Scans all logs of the run and all that browsers get for every secret that the tests used. */
export function checkSecrets(name, evidence) {
  const left = filesBelow(evidence);
  const secrets = readSecrets(left.filter((file) => file.endsWith(".secrets")));
  const logs = left.filter((file) => file.endsWith(".log"));
  const browserCode = filesBelow(inRepo(".next", "static"));
  if (secrets.size === 0 || logs.length === 0 || browserCode.length === 0)
    return failedOnce(
      name,
      `There is nothing to look at: ${secrets.size} secrets, ${logs.length} logs, ${browserCode.length} files for browsers.`,
    );
  const found = findSecrets(secrets, [...logs, ...browserCode]);
  if (found.length === 0) return passedOnce();
  const words = found
    .slice(0, 20)
    .map(({ file, hint, near }) => `${path.basename(file)}: ${hint} after …${near}`);
  return failedOnce(name, `${found.length} found.\n${words.join("\n")}`);
}
