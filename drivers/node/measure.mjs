// One block: the lives of a module in this process, the first one cold.

import fs from 'node:fs';
import { now } from './clock.mjs';
import { Guest, Verdict } from './guest.mjs';
import { send } from './lines.mjs';
import { failureOf, words } from './traps.mjs';
import { cpu, floor, usage } from './usage.mjs';
import { Unsupported } from './values.mjs';

const MAX_LIVES = 30;
const MAX_SAMPLES = 40;
/** A batch of steady calls takes at least this long, so that reading the clock is below a thousandth of it. */
const BATCH_NS = 50_000;

/** Measures a job; everything it finds is sent, the outcome last. */
export function measure(job) {
  const outcome = { msg: 'outcome', status: 'ok', missing: [] };
  try {
    new Block(job, outcome).run();
  } catch (error) {
    Object.assign(outcome, statusOf(error));
  }
  send(outcome);
}

function statusOf(error) {
  if (error instanceof Verdict) return { status: error.status, reason: error.message };
  if (error instanceof Unsupported) return { status: 'unsupported', reason: error.message };
  if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) {
    return { status: 'failed', reason: words(error) };
  }
  const { kind, detail } = failureOf(error);
  return { status: 'failed', reason: `${kind}: ${detail?.other ?? detail}` };
}

class Block {
  constructor(job, outcome) {
    this.job = job;
    this.outcome = outcome;
    this.floor = floor();
    this.wasm = fs.readFileSync(job.module);
    this.guest = new Guest(job);
  }

  run() {
    if (this.job.mode !== 'jit') throw new Verdict('unsupported', 'JavaScript offers no way to load compiled code');
    const budget = this.job.block_ms * 1e6;
    const life = this.coldLife(budget / 3);
    this.warmLives(budget / 3);
    if (!this.guest.command) this.steadyCalls(life, budget / 3);
  }

  /** Times one step; a cold one is announced, so that a crash has a place. */
  step(phase, cold, work) {
    if (cold) send({ msg: 'phase', phase });
    const before = cold ? cpu() : undefined;
    const start = now();
    const result = work();
    const ns = now() - start;
    const sample = { msg: 'sample', phase, cold, ns: [ns], batch: 1 };
    if (cold) {
      const after = cpu();
      sample.cpu = { user_ns: after.user_ns - before.user_ns, system_ns: after.system_ns - before.system_ns };
    }
    send(sample);
    return [result, ns];
  }

  /** From bytes to a first answer. */
  life(cold) {
    const [valid, validateNs] = this.step('validate', cold, () => WebAssembly.validate(this.wasm));
    // The engine says what is wrong only when it compiles.
    if (!valid) new WebAssembly.Module(this.wasm);
    const [module, compileNs] = this.step('compile', cold, () => new WebAssembly.Module(this.wasm));
    const imports = this.guest.imports(module);
    const [made, instantiateNs] = this.step('instantiate', cold, () => this.guest.instantiate(module, imports));
    const phase = this.guest.command && !cold ? 'call' : 'first_call';
    const [raw, firstNs] = this.step(phase, cold, () => this.guest.call(made));
    this.guest.check(raw);
    const marked = this.guest.takeMarked();
    if (marked > 0) send({ msg: 'sample', phase: 'marked', cold, ns: [marked], batch: 1 });
    return { module, made, startup: validateNs + compileNs + instantiateNs, firstNs };
  }

  coldLife(budget) {
    const life = this.life(true);
    const { memory, threads, missing } = usage(this.floor);
    const exported = Object.values(life.made.instance.exports).find((item) => item instanceof WebAssembly.Memory);
    memory.linear = exported?.buffer.byteLength;
    missing.push({ what: 'teardown', why: 'a garbage collector decides when' });
    Object.assign(this.outcome, { startup_ns: life.startup, memory, threads, missing, answer: this.guest.answer() });
    this.curve(life, budget);
    return life;
  }

  /** Cumulative time of 1, 2, … n calls in a row; commands get a fresh instance each. */
  curve({ module, made, firstNs }, budget) {
    let done = 1;
    let total = firstNs;
    send({ msg: 'call', n: 1, cumulative_ns: total });
    const calls = this.guest.command ? undefined : this.guest.repeat(made);
    const begin = now();
    for (const next of points(this.job.calls)) {
      for (let left = next - done; this.guest.command && left > 0; left -= 1) {
        total += this.commandCall(module);
        if (now() - begin > budget) return;
      }
      if (!this.guest.command) {
        const start = now();
        const wrong = calls(next - done);
        total += now() - start;
        if (wrong) throw new Verdict('wrong', 'a later call answered differently from the first');
      }
      done = next;
      send({ msg: 'call', n: done, cumulative_ns: total });
      if ((now() - begin) * 2 > budget) return;
    }
  }

  commandCall(module) {
    const imports = this.guest.imports(module);
    const start = now();
    const raw = this.guest.call(this.guest.instantiate(module, imports));
    const ns = now() - start;
    this.guest.check(raw);
    return ns;
  }

  warmLives(budget) {
    const begin = now();
    for (let i = 0; i < MAX_LIVES && now() - begin < budget; i += 1) this.life(false);
  }

  /** Many calls on one instance, in batches long enough for the clock. */
  steadyCalls({ made }, budget) {
    const calls = this.guest.repeat(made);
    const timed = (n) => {
      const start = now();
      const wrong = calls(n);
      const ns = now() - start;
      if (wrong) throw new Verdict('wrong', 'a later call answered differently from the first');
      return ns;
    };
    const begin = now();
    let batch = 1;
    // Warming up and finding the batch are one: grow until a batch is long enough, and until the tiers have settled.
    while (now() - begin < budget / 2 || batch === 1) {
      const ns = timed(batch);
      if (ns < BATCH_NS && batch < 1 << 24) batch *= 2;
      else if (now() - begin > budget / 2) break;
    }
    const ns = [];
    while (ns.length < MAX_SAMPLES && (ns.length === 0 || now() - begin < budget)) ns.push(timed(batch) / batch);
    send({ msg: 'sample', phase: 'call', cold: false, ns, batch });
  }
}

/** Numbers of calls at which the curve is read, after the first: six per decade. */
function* points(limit) {
  for (let decade = 1, last = 1; ; decade *= 10) {
    for (const factor of [1, 1.5, 2, 3, 5, 7]) {
      const n = Math.floor(factor * decade);
      if (n > limit) return;
      if (n > last) yield (last = n);
    }
  }
}
