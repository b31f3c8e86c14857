// Preloaded into a service: at each SIGUSR2 its wall clock goes wrong by the next of CLOCK_STEPS, in seconds. As with a
// real step, the monotonic clock that timers and `performance` go by does not notice.
const steps = (process.env['CLOCK_STEPS'] ?? '').split(',').map(Number);
const rightNow = Date.now.bind(Date);
let wrongByMs = 0;

Date.now = () => rightNow() + wrongByMs;
globalThis.Date = new Proxy(Date, {
  construct: (real, given: [], target) =>
    Reflect.construct(real, given.length === 0 ? [real.now()] : given, target) as Date,
});
process.on('SIGUSR2', () => (wrongByMs = (steps.shift() ?? 0) * 1000));

export {};
