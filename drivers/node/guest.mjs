// The workload made callable: its imports, its call, and what it answers.

import fs from 'node:fs';
import { now } from './clock.mjs';
import { fromWire, listed, toWire } from './values.mjs';
import { Wasi } from './wasi.mjs';

/** A guest did not do what it should; the status to report. */
export class Verdict extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

export class Guest {
  #job;
  #first;
  #marked = 0;
  #started;

  constructor(job) {
    this.#job = job;
    const { invoke, args, name } = job.workload;
    this.command = invoke === undefined;
    this.entry = invoke ?? '_start';
    this.argv = this.command ? [name, ...(args ?? [])] : [name];
    if (!this.command && job.call === undefined) {
      throw new Verdict('failed', `there is no function \`${invoke}\` that takes these arguments`);
    }
    this.args = this.command ? [] : job.call.args.map(fromWire);
    this.results = this.command ? [] : job.call.results;
    this.stdin = this.command && job.workload.stdin ? job.workload.stdin : '/dev/null';
    this.open = [];
  }

  /** Everything an instance imports, made before the clock starts: it is the embedder's work. */
  imports(module) {
    const wanted = WebAssembly.Module.imports(module);
    const uses = (name) => wanted.some((item) => item.module === name);
    const file = (path, mode) => {
      this.open.push(fs.openSync(path, mode));
      return this.open.at(-1);
    };
    // Nothing of the instance before is left: neither what it wrote nor where it was in its input.
    this.open.splice(0).forEach((descriptor) => fs.closeSync(descriptor));
    const stdout = file(this.#job.stdout, 'w');
    const given = {};
    let wasi;
    if (uses('wasi_snapshot_preview1')) {
      const dirs = (this.#job.workload.dirs ?? []).map(([hostPath, guestPath]) => [guestPath, hostPath]);
      wasi = new Wasi({
        args: this.argv,
        env: this.#job.workload.env ?? {},
        preopens: Object.fromEntries(dirs),
        stdin: file(this.stdin, 'r'),
        stdout,
      });
      given.wasi_snapshot_preview1 = wasi.functions;
    }
    if (uses('bench')) given.bench = { start: () => this.#start(), end: () => this.#end() };
    const missing = wanted.find((item) => given[item.module]?.[item.name] === undefined);
    if (missing !== undefined) {
      throw new Verdict('unsupported', `imports \`${missing.module}\` \`${missing.name}\`, which nothing provides`);
    }
    return { given, wasi };
  }

  /** Makes an instance; a reactor is prepared for its calls. */
  instantiate(module, { given, wasi }) {
    const instance = new WebAssembly.Instance(module, given);
    if (!this.command) {
      if (wasi !== undefined) wasi.initialize(instance);
      else instance.exports._initialize?.();
    }
    return { instance, wasi, func: instance.exports[this.entry] };
  }

  /** Calls the entry once: its result, or the exit code of a command. */
  call({ instance, wasi, func }) {
    if (!this.command) return func(...this.args);
    if (wasi === undefined) {
      func();
      return 0;
    }
    return wasi.start(instance);
  }

  /** A function that calls the entry many times; whether one answer differed from the first one. */
  repeat({ func }) {
    const [a, b, c] = this.args;
    const first = this.#first.raw;
    const differs = this.results.length === 1 && first === first ? (r) => r !== first : () => false;
    const loop = (call) => (n) => {
      let wrong = false;
      for (let i = 0; i < n; i += 1) if (differs(call())) wrong = true;
      return wrong;
    };
    switch (this.args.length) {
      case 0: return loop(() => func());
      case 1: return loop(() => func(a));
      case 2: return loop(() => func(a, b));
      case 3: return loop(() => func(a, b, c));
      default: return loop(() => func(...this.args));
    }
  }

  /** Keeps the first answer, and compares later ones with it. */
  check(raw) {
    const answer = this.command
      ? { exit: raw, text: fs.readFileSync(this.#job.stdout, 'latin1') }
      : { values: listed(this.results, raw).map((value, i) => toWire(this.results[i], value)) };
    const text = JSON.stringify(answer);
    this.#first ??= { raw, answer, text };
    if (text !== this.#first.text) throw new Verdict('wrong', 'a later call answered differently from the first');
  }

  /** The first answer, as the protocol has it. */
  answer() {
    const { exit, values } = this.#first.answer;
    return this.command ? { exit } : { results: values };
  }

  /** Time between the guest's marks since the last reading; 0 without marks. */
  takeMarked() {
    const marked = this.#marked;
    this.#marked = 0;
    return marked;
  }

  #start() {
    this.#started = now();
  }

  #end() {
    const end = now();
    if (this.#started === undefined) throw new Verdict('failed', 'bench.end without bench.start');
    this.#marked += end - this.#started;
    this.#started = undefined;
  }
}
