// Calls that keep every bit. JavaScript may change the payload of a NaN and cannot hold a vector, so functions with
// such types are called through a small module that turns them into integers and back.

import { fromWire, listed, toWire } from './values.mjs';

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const TYPES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b, funcref: 0x70, externref: 0x6f };

/** The types that stand for a type where only integers pass. */
const AS_BITS = { f32: ['i32'], f64: ['i64'], v128: ['i64', 'i64'] };
const asBits = (types) => types.flatMap((type) => AS_BITS[type] ?? [type]);
const needsBits = (types) => types.some((type) => type in AS_BITS);

/** Instructions from the bits on the stack to the type. */
const FROM_BITS = { f32: [0xbe], f64: [0xbf] };
/** Instructions from the type in a local to its bits. */
const TO_BITS = {
  f32: (local) => [0x20, local, 0xbc],
  f64: (local) => [0x20, local, 0xbd],
  v128: (local) => [0x20, local, 0xfd, 0x1d, 0, 0x20, local, 0xfd, 0x1d, 1],
};

/** A function from and to wire values, for an export. */
export function exactExports(func, params, results) {
  if (!needsBits([...params, ...results])) {
    return (args) => listed(results, func(...args.map(fromWire))).map((v, i) => toWire(results[i], v));
  }
  const call = adapter(func, params, results, true);
  const bits = asBits(results);
  return (args) => joined(results, listed(bits, call(...args.flatMap(integers))));
}

/** The value of a global, on the wire. */
export function exactGlobal(global, type) {
  if (!(type in AS_BITS)) return toWire(type, global.value);
  const load = TO_BITS[type](0).slice(2);
  for (const mutable of [0, 1]) {
    try {
      // Read where it is: only its bits come out.
      const bits = type === 'v128' ? [0x23, 0, 0xfd, 0x1d, 0, 0x23, 0, 0xfd, 0x1d, 1] : [0x23, 0, ...load];
      const bytes = reader(TYPES[type], mutable, asBits([type]).map((t) => TYPES[t]), bits);
      const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { f: global } }).exports;
      return joined([type], listed(asBits([type]), f()))[0];
    } catch (error) {
      if (!(error instanceof WebAssembly.LinkError)) throw error;
    }
  }
  throw new TypeError(`the global is no ${type}`);
}

/** Host functions with the types of their imports, every one called with wire values. */
export function exactImport(host, params, results) {
  const outer = (...args) => {
    const values = host(joined(params, args));
    const integersOut = values.flatMap(integers);
    return integersOut.length > 1 ? integersOut : integersOut[0];
  };
  return needsBits([...params, ...results]) ? adapter(outer, params, results, false) : outer;
}

/** The integers a wire value consists of. */
function integers(value) {
  if (value.type === 'f32') return [Number(value.bits) | 0];
  if (value.type === 'f64') return [BigInt.asIntN(64, BigInt(value.bits))];
  if (value.type !== 'v128') return [fromWire(value)];
  const all = BigInt(value.bits);
  return [BigInt.asIntN(64, all), BigInt.asIntN(64, all >> 64n)];
}

/** Wire values from the integers they consist of. */
function joined(types, parts) {
  let at = 0;
  return types.map((type) => {
    const part = parts[at++];
    if (type === 'f32') return { type, bits: String(part >>> 0) };
    if (type === 'f64') return { type, bits: String(BigInt.asUintN(64, part)) };
    if (type !== 'v128') return toWire(type, part);
    const high = BigInt.asUintN(64, parts[at++]);
    return { type, bits: String((high << 64n) | BigInt.asUintN(64, part)) };
  });
}

/** `func` with its integers turned: bits outside and real types inside for exports, the other way for imports. */
function adapter(func, params, results, bitsOutside) {
  const inner = bitsOutside ? [params, results] : [asBits(params), asBits(results)];
  const outer = bitsOutside ? [asBits(params), asBits(results)] : [params, results];
  const code = [];
  const pass = bitsOutside ? rebuild : spread;
  pass(code, params, 0);
  code.push(0x10, 0);
  // Results are taken off the stack before they are turned: only the last one is on top.
  const first = outer[0].length;
  for (let i = inner[1].length - 1; i >= 0; i -= 1) code.push(0x21, first + i);
  (bitsOutside ? spread : rebuild)(code, results, first);
  const bytes = encode(inner, outer, code);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { f: func } }).exports.f;
}

/** Types from their bits in locals. */
function rebuild(code, types, local) {
  let at = local;
  for (const type of types) {
    if (type === 'v128') {
      code.push(0x20, at, 0xfd, 0x12, 0x20, at + 1, 0xfd, 0x1e, 1);
      at += 2;
    } else {
      code.push(0x20, at, ...(FROM_BITS[type] ?? []));
      at += 1;
    }
  }
}

/** Bits from types in locals. */
function spread(code, types, local) {
  types.forEach((type, i) => code.push(...(TO_BITS[type]?.(local + i) ?? [0x20, local + i])));
}

function encode([innerParams, innerResults], [outerParams, outerResults], code) {
  const list = (types) => [types.length, ...types.map((type) => TYPES[type])];
  const section = (id, content) => [id, ...leb(content.length), ...content];
  const locals = [innerResults.length, ...innerResults.flatMap((type) => [1, TYPES[type]])];
  const body = [...locals, ...code, 0x0b];
  return new Uint8Array([
    ...HEADER,
    ...section(1, [2, 0x60, ...list(innerParams), ...list(innerResults), 0x60, ...list(outerParams), ...list(outerResults)]),
    ...section(2, [1, 1, 0x6d, 1, 0x66, 0, 0]),
    ...section(3, [1, 1]),
    ...section(7, [1, 1, 0x66, 0, 1]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

function reader(type, mutable, results, code) {
  const section = (id, content) => [id, ...leb(content.length), ...content];
  return new Uint8Array([
    ...HEADER,
    ...section(1, [1, 0x60, 0, results.length, ...results]),
    ...section(2, [1, 1, 0x6d, 1, 0x66, 3, type, mutable]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, ...leb(code.length + 2), 0, ...code, 0x0b]),
  ]);
}

function leb(number) {
  const bytes = [];
  for (let n = number; ; n >>>= 7) {
    if (n < 0x80) return [...bytes, n];
    bytes.push((n & 0x7f) | 0x80);
  }
}
