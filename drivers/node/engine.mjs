// Who the engine is, in its own words, and what it can do.

import os from 'node:os';
import process from 'node:process';
import v8 from 'node:v8';
import { adder, features } from './features.mjs';
import { INDISTINCT } from './traps.mjs';

const host = () => {
  if (globalThis.Bun) {
    const engine = `JavaScriptCore ${process.versions.webkit ?? ''}`.trim();
    return { name: 'bun', version: Bun.version, engine, technique: 'interpreter, then a baseline and an optimising compiler for what is hot' };
  }
  if (globalThis.Deno) return { name: 'deno', version: Deno.version.deno, engine: `V8 ${Deno.version.v8}` };
  return { name: 'node', version: process.version, engine: `V8 ${process.versions.v8}` };
};

const TECHNIQUES = {
  liftoff: 'baseline compiler',
  turbofan: 'optimising compiler',
};

/**
 * Looks which compiler makes code when a tier was asked for; the name of the tier found, or `unchecked` where the
 * engine does not tell. Throws when another one is at work.
 */
export function checkTier(tier) {
  if (tier === undefined) return undefined;
  let tells;
  try {
    v8.setFlagsFromString('--allow-natives-syntax');
    tells = new Function('f', 'return [%IsLiftoffFunction(f), %IsTurboFanFunction(f)]');
  } catch {
    return 'unchecked';
  }
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(adder())).exports;
  f(1);
  const [liftoff, turbofan] = tells(f);
  const found = liftoff ? 'liftoff' : turbofan ? 'turbofan' : 'neither';
  if (found !== tier) throw new Error(`${tier} was asked for, but ${found} compiles here: its flags are not in effect`);
  return found;
}

/** The identity. */
export function identity(id, tier, inEffect) {
  const { name, version, engine, technique } = host();
  const flags = {
    arguments: process.execArgv.join(' '),
    calls: 'from JavaScript, which may inline them',
    // Conformance takes the engine's words for a trap where it says that it has no others.
    'indistinct-traps': INDISTINCT,
    wasi: `node:wasi of ${name}`,
  };
  if (tier !== undefined) flags.tier = inEffect;
  return {
    id,
    version: `${name} ${version} (${engine})`,
    technique: TECHNIQUES[tier] ?? technique ?? 'baseline compiler, then an optimising one for what is hot',
    features: [],
    flags,
    compile_threads: tier === 'liftoff' ? 1 : os.availableParallelism?.() ?? os.cpus().length,
    bounds_checks: 'guard-pages',
    cpu_features: 'native',
  };
}

/** The capabilities. */
export function capabilities(tier) {
  return {
    features: features(),
    compiles: true,
    separate_validate: true,
    save_load: false,
    lazy: tier === undefined,
    deadline: 'kill-only',
    memory_cap: 'exact',
    thread_safe_module: true,
    stack_trap: true,
    max_host_results: null,
    code_size: false,
    trust: 'killable-child',
  };
}
