// Runs a WASI command, or calls an export and prints its results, for timing a JavaScript engine as a whole process:
//
//   node command.mjs [--dir HOST::GUEST]… [--env KEY=VALUE]… [--invoke EXPORT] MODULE -- [ARGS…]

import fs from 'node:fs';
import process from 'node:process';
import { Wasi } from './wasi.mjs';

const words = process.argv.slice(2);
const preopens = {};
const env = {};
let module;
let invoke;
for (let word = words.shift(); word !== undefined && word !== '--'; word = words.shift()) {
  if (word === '--dir') {
    const [host, guest] = words.shift().split('::');
    preopens[guest ?? host] = host;
  } else if (word === '--env') {
    const [key, ...value] = words.shift().split('=');
    env[key] = value.join('=');
  } else if (word === '--invoke') {
    invoke = words.shift();
  } else {
    module = word;
  }
}

// JavaScript does not tell the types of an export. Arguments of the wrong kind are refused before anything runs, so that
// asking once more does no harm.
function call(func, args) {
  for (let kinds = 0; ; kinds += 1) {
    try {
      return func(...args.map((arg, i) => (kinds >> i) & 1 ? BigInt(arg) : Number(arg)));
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || kinds + 1 >= 1 << args.length) throw error;
    }
  }
}

const args = invoke === undefined ? words : [];
const wasi = new Wasi({ args: [module, ...args], env, preopens, stdin: 0, stdout: 1 });
const instance = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(module)), {
  wasi_snapshot_preview1: wasi.functions,
});
if (invoke === undefined) {
  process.exitCode = wasi.start(instance);
} else {
  if (instance.exports.memory !== undefined) wasi.initialize(instance);
  else instance.exports._initialize?.();
  const results = call(instance.exports[invoke], words);
  for (const result of results === undefined ? [] : [results].flat()) process.stdout.write(`${result}\n`);
}
