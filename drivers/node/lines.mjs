// Lines over the standard streams, one at a time and without waiting for an event loop: while a guest runs there is
// none.

import fs from 'node:fs';

const chunk = Buffer.alloc(1 << 16);
let rest = Buffer.alloc(0);

// A pipe somebody made non-blocking answers "try again".
function patiently(work) {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (error.code === 'EOF') return 0;
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** The next line, or null at the end of the input. */
export function readLine() {
  for (;;) {
    const end = rest.indexOf(10);
    if (end >= 0) {
      const line = rest.subarray(0, end).toString('utf8');
      rest = rest.subarray(end + 1);
      return line;
    }
    const read = patiently(() => fs.readSync(0, chunk, 0, chunk.length, null));
    if (read === 0) return null;
    rest = Buffer.concat([rest, chunk.subarray(0, read)]);
  }
}

/** Sends a message. */
export function send(message) {
  let bytes = Buffer.from(`${JSON.stringify(message)}\n`, 'utf8');
  while (bytes.length > 0) {
    const written = patiently(() => fs.writeSync(1, bytes, 0, bytes.length));
    bytes = bytes.subarray(written);
  }
}
