/** How often the parent is looked at where nothing tells of its end, in ms. */
const watchMs = 250;

/**
 * Calls `stop` when the parent process that answers for this one has ended: the one that had opened an IPC channel, or
 * npm. npm runs scripts in a shell, which dies of the signal that npm passes on and does not pass it on to us; all that
 * we can see is that our parent is another.
 */
export function onParentEnd(stop: () => void): void {
  if (process.connected) {
    process.once('disconnect', stop);
  } else if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      stop();
    }, watchMs);
    watch.unref();
  }
}
