/**
 * Preloaded (`node --import`) into what a script starts with an IPC channel: when the script dies, even by SIGKILL,
 * the channel closes, and the process ends itself the way it would at a SIGTERM.
 */
process.on("disconnect", () => {
  setTimeout(() => process.exit(1), 8_000).unref();
  process.kill(process.pid, "SIGTERM");
});
// The channel is there for its end only; it must not keep a process alive that is done.
process.channel?.unref();
