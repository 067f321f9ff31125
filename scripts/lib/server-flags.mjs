// How the server's process is started, wherever it is started: it stays small by these. `npm start` has the same
// in package.json, since a running process can't change them; a test keeps the two alike.

/** A small young generation: the buffers of a stream are given back sooner, instead of by the hundred. */
export const serverFlags = ["--max-semi-space-size=1"];
/**
 * glibc keeps a heap for each thread unless it is told to keep one. And once a large buffer has been freed (a password's
 * hash takes 32 MB) it would serve all up to that size from its heap and hardly give anything back. 4 MiB is above the
 * buffers of streams: handed to the system each time, these would cost a download three quarters of its speed.
 */
export const serverEnvironment = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_THRESHOLD_: "4194304",
  MALLOC_TRIM_THRESHOLD_: "4194304",
};
