// Runs a WASI command once, for timing a JavaScript engine as a whole process:
//
//   node command.mjs [--dir HOST::GUEST]… [--env KEY=VALUE]… MODULE -- [ARGS…]

import fs from 'node:fs';
import process from 'node:process';
import { Wasi } from './wasi.mjs';

const words = process.argv.slice(2);
const preopens = {};
const env = {};
let module;
for (let word = words.shift(); word !== undefined && word !== '--'; word = words.shift()) {
  if (word === '--dir') {
    const [host, guest] = words.shift().split('::');
    preopens[guest ?? host] = host;
  } else if (word === '--env') {
    const [key, ...value] = words.shift().split('=');
    env[key] = value.join('=');
  } else {
    module = word;
  }
}
const wasi = new Wasi({ args: [module, ...words], env, preopens, stdin: 0, stdout: 1 });
const instance = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(module)), {
  wasi_snapshot_preview1: wasi.functions,
});
process.exitCode = wasi.start(instance);
