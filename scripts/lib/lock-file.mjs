/**
 * npm leaves an optional package out of package-lock.json when the registry at hand doesn't have it, which happens
 * with mirrors that keep one platform only. `npm ci` then refuses the lock file everywhere, the other platforms
 * included. Their entries can be told from their names, so that they can be added.
 */
const systems = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const processors = ["arm", "arm64", "ia32", "loong64", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

/** Where Node would find `name` from the package at `place`: there, or in a folder above. */
function isLocked(packages, place, name) {
  for (
    let folder = place;
    ;
    folder = folder.slice(0, folder.lastIndexOf("node_modules/")).replace(/\/$/, "")
  ) {
    if (packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === "") return false;
  }
}

/** Every optional dependency that the lock file doesn't name, as `{ name, version, by }`. */
export function missingOptionals(lock) {
  return Object.entries(lock.packages).flatMap(([place, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isLocked(lock.packages, place, name))
      .map(([name, version]) => ({ name, version, by: entry })),
  );
}

function toEntry({ name, version, by }) {
  const words = name.split("/").at(-1).split("-");
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  // A range, or a name that doesn't say its platform: only a registry could answer.
  if (os === undefined || cpu === undefined || !/^\d+\.\d+\.\d+$/.test(version)) return null;
  const libc = words.some((word) => word.startsWith("musl")) ? "musl" : "glibc";
  const hasLibc = os === "linux" && words.some((word) => /^(musl|gnu)/.test(word));
  return {
    version,
    cpu: [cpu],
    ...(by.dev === true ? { dev: true } : {}),
    ...(hasLibc ? { libc: [libc] } : {}),
    optional: true,
    os: [os],
    ...(by.engines === undefined ? {} : { engines: by.engines }),
  };
}

/** The lock file with what can be added, the names of that, and the names of what can't. */
export function completeLock(lock) {
  const missing = missingOptionals(lock).map((one) => ({ name: one.name, entry: toEntry(one) }));
  const added = missing.filter(({ entry }) => entry !== null);
  const packages = { ...lock.packages };
  for (const { name, entry } of added) packages[`node_modules/${name}`] = entry;
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  return {
    lock: { ...lock, packages: Object.fromEntries(sorted) },
    added: added.map(({ name }) => name),
    unknown: missing.filter(({ entry }) => entry === null).map(({ name }) => name),
  };
}
