// Sessions: Runoff works the engine step by step, with its own host functions at the other end of the pipe.

import fs from 'node:fs';
import { readLine, send } from './lines.mjs';
import { exactExports, exactGlobal, exactImport } from './exact.mjs';
import { HostFailure, failureOf, words } from './traps.mjs';
import { Unsupported } from './values.mjs';

export class Session {
  #modules = new Map();
  #instances = new Map();

  /** Answers one request. */
  answer(request) {
    try {
      return this[request.msg](request) ?? { msg: 'done' };
    } catch (error) {
      if (error instanceof Unsupported) return { msg: 'unsupported', reason: error.message };
      if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) {
        return { msg: 'refused', reason: words(error) };
      }
      return { msg: 'failure', failure: failureOf(error) };
    }
  }

  compile({ module, path }) {
    this.#modules.set(module, new WebAssembly.Module(fs.readFileSync(path)));
  }

  save() {
    throw new Unsupported('JavaScript offers no way to save compiled code');
  }

  load() {
    throw new Unsupported('JavaScript offers no way to load compiled code');
  }

  instantiate({ module, instance, imports, memory }) {
    const held = { memory, exports: {} };
    // A start function may call out before there is an instance to ask for its memory.
    this.#instances.set(instance, held);
    const objects = {};
    imports.forEach((wanted, place) => {
      objects[wanted.module] ??= {};
      const host = (args) => this.#hostCall(instance, place, args);
      objects[wanted.module][wanted.name] = exactImport(host, wanted.params, wanted.results);
    });
    try {
      const made = new WebAssembly.Instance(this.#modules.get(module), objects);
      held.exports = made.exports;
    } catch (error) {
      this.#instances.delete(instance);
      throw error;
    }
  }

  invoke({ instance, export: name, args, results }) {
    const { exports } = this.#instances.get(instance);
    const call = exactExports(exports[name], args.map((arg) => arg.type), results);
    return { msg: 'values', values: call(args) };
  }

  global({ instance, export: name, type }) {
    const { exports } = this.#instances.get(instance);
    return { msg: 'values', values: [exactGlobal(exports[name], type)] };
  }

  read_memory({ instance }) {
    return { msg: 'memory', bytes: this.#share(this.#instances.get(instance)) };
  }

  write_memory({ instance }) {
    this.#takeBack(this.#instances.get(instance));
  }

  drop_instance({ instance }) {
    this.#instances.delete(instance);
  }

  drop_module({ module }) {
    this.#modules.delete(module);
  }

  #hostCall(instance, place, args) {
    const held = this.#instances.get(instance);
    send({ msg: 'host_call', instance, import: place, args, bytes: this.#share(held) });
    const answer = JSON.parse(readLine());
    if (answer.msg === 'host_fail') throw new HostFailure(answer.failure);
    if (answer.memory_changed) this.#takeBack(held);
    return answer.results;
  }

  // Runoff exports the first memory of every module under this name where the module does not.
  #memory({ exports }) {
    return Object.values(exports).find((item) => item instanceof WebAssembly.Memory);
  }

  #share(held) {
    const memory = this.#memory(held);
    if (memory === undefined) return null;
    fs.writeFileSync(held.memory, new Uint8Array(memory.buffer));
    return memory.buffer.byteLength;
  }

  #takeBack(held) {
    const memory = this.#memory(held);
    if (memory !== undefined) new Uint8Array(memory.buffer).set(fs.readFileSync(held.memory));
  }
}
