// WASI of the engine's host, the same to use on Node.js, Deno and Bun. Bun's knows neither the options for streams,
// nor `returnOnExit`, nor reactors: what they do is done here.

import { WASI } from 'node:wasi';

/** How a guest on Bun ends itself; thrown through it. */
class Exit {
  constructor(code) {
    this.code = code;
  }
}

const bun = globalThis.Bun !== undefined;

/** A WASI context; `stdin` and `stdout` are open files. */
export class Wasi {
  #wasi;

  constructor({ args, env, preopens, stdin, stdout }) {
    const options = { version: 'preview1', args, env, preopens, stdin, stdout, returnOnExit: true };
    if (bun) {
      options.bindings = { ...new WASI({}).bindings, exit: leave };
      // Without one it writes advice to the standard output at the end of an input.
      options.sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    }
    this.#wasi = new WASI(options);
    if (bun) {
      this.#wasi.FD_MAP.get(0).real = stdin;
      this.#wasi.FD_MAP.get(1).real = stdout;
    }
  }

  /** The functions a module imports. */
  get functions() {
    return this.#wasi.wasiImport;
  }

  /** Runs a command; its exit code. */
  start(instance) {
    if (!bun) return this.#wasi.start(instance) ?? 0;
    try {
      this.#wasi.start(instance);
      return 0;
    } catch (error) {
      if (error instanceof Exit) return error.code;
      throw error;
    }
  }

  /** Prepares a reactor for its calls. */
  initialize(instance) {
    if (!bun) {
      this.#wasi.initialize(instance);
      return;
    }
    this.#wasi.setMemory(instance.exports.memory);
    instance.exports._initialize?.();
  }
}

function leave(code) {
  throw new Exit(code);
}
