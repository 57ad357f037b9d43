/**
 * Preloaded into the demo's application: it ends as by SIGTERM when the demo is gone, however that
 * ended (the channel to it closes). Children of the application inherit the flag; they are not meant.
 */
if (process.env.TACHOGRAPH_TEST_DEMO_PID === String(process.ppid)) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
