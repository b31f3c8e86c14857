// Preloaded into a service: no name has an address, and no name server is asked.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

dns.lookup = (hostname, options, callback = options) =>
  void process.nextTick(
    callback,
    Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND', hostname }),
  );
syncBuiltinESMExports();
