// The clock: nanoseconds of a monotonic clock as numbers small enough to be exact.

import process from 'node:process';

const origin = process.hrtime.bigint();

/** Nanoseconds since this program began. */
export function now() {
  return Number(process.hrtime.bigint() - origin);
}

/** What reading the clock twice costs, nanoseconds: the median of many. */
export function clockCost() {
  const costs = [];
  for (let i = 0; i < 1001; i += 1) {
    const start = now();
    costs.push(now() - start);
  }
  return costs.sort((a, b) => a - b)[500];
}
