// What this process uses, from the kernel.

import fs from 'node:fs';
import process from 'node:process';

function fields(file) {
  try {
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    return Object.fromEntries(lines.map((line) => line.split(':').map((part) => part.trim())));
  } catch {
    return {};
  }
}

const kib = (text) => (text === undefined ? undefined : parseInt(text, 10) * 1024);
const status = () => fields('/proc/self/status');

/** Resident set and address space before the guest exists. */
export function floor() {
  const { VmRSS, VmSize } = status();
  return { rss: kib(VmRSS), size: kib(VmSize) };
}

/** The split now, the number of threads, and what is missing. */
export function usage(before) {
  const { VmHWM, VmSize, Threads } = status();
  const pss = kib(fields('/proc/self/smaps_rollup').Pss);
  const missing = [{ what: 'code', why: 'the engine does not tell the size of its code' }];
  if (pss === undefined) missing.push({ what: 'pss', why: 'the kernel offers no smaps_rollup' });
  const reserved = VmSize && before.size ? Math.max(0, kib(VmSize) - before.size) : undefined;
  return {
    memory: { floor_rss: before.rss, peak_rss: kib(VmHWM), pss, reserved },
    threads: Threads === undefined ? undefined : Number(Threads),
    missing,
  };
}

/** Processor time so far, nanoseconds. */
export function cpu() {
  const { user, system } = process.cpuUsage();
  return { user_ns: user * 1000, system_ns: system * 1000 };
}
