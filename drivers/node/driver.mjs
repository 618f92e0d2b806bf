// A driver for JavaScript engines: runs unchanged on Node.js, Deno and Bun.
//
//   node driver.mjs --id node/v8 [--tier liftoff|turbofan]
//
// It speaks Runoff's driver protocol (docs/BRING_YOUR_OWN_RUNTIME.md) on its standard streams.

import process from 'node:process';
import { checkTier, identity, capabilities } from './engine.mjs';
import { clockCost } from './clock.mjs';
import { readLine, send } from './lines.mjs';
import { measure } from './measure.mjs';
import { Session } from './session.mjs';

const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};

const id = option('--id') ?? 'node/v8';
const tier = option('--tier');
// Flags are not believed but looked at: a driver of a tier that is not in effect must not start.
const inEffect = checkTier(tier);

send({
  msg: 'hello',
  protocol: 1,
  identity: identity(id, tier, inEffect),
  capabilities: capabilities(tier),
  clock_ns: clockCost(),
  sessions: true,
});

const session = new Session();
for (let line = readLine(); line !== null; line = readLine()) {
  const request = JSON.parse(line);
  if (request.msg === 'prepare') {
    measure(request);
  } else {
    send(session.answer(request));
  }
}
send({ msg: 'bye' });
