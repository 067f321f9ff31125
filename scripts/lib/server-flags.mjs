// How the server's process is started, wherever it is started: it stays small by these. `npm start` has the same
// in package.json, since a running process can't change them; a test keeps the two alike.

/** A small young generation: the buffers of a stream are given back sooner, instead of by the hundred. */
export const serverFlags = ["--max-semi-space-size=1"];
/**
 * glibc would keep a heap for each of its threads, and what was freed in them; a buffer of a stream, 64 KiB and
 * more, goes back to the system at once.
 */
export const serverEnvironment = { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "65536" };
