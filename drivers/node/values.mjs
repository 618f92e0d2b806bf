// Values between the wire (bits as unsigned decimal text) and JavaScript.

const scratch = new DataView(new ArrayBuffer(8));

/** A JavaScript value from its bits. */
export function fromWire({ type, bits }) {
  switch (type) {
    case 'i32': return Number(bits) | 0;
    case 'i64': return BigInt.asIntN(64, BigInt(bits));
    case 'f32':
      scratch.setUint32(0, Number(bits));
      return scratch.getFloat32(0);
    case 'f64':
      scratch.setBigUint64(0, BigInt(bits));
      return scratch.getFloat64(0);
    case 'externref': return bits === 'null' ? null : Number(bits);
    case 'funcref':
      if (bits === 'null') return null;
      throw new Unsupported('only null function references cross from JavaScript');
    default: throw new Unsupported(`a ${type} does not cross from JavaScript`);
  }
}

/** The bits of a JavaScript value of a WebAssembly type. */
export function toWire(type, value) {
  return { type, bits: bitsOf(type, value) };
}

function bitsOf(type, value) {
  switch (type) {
    case 'i32': return String(value >>> 0);
    case 'i64': return String(BigInt.asUintN(64, value));
    case 'f32':
      scratch.setFloat32(0, value);
      return String(scratch.getUint32(0));
    case 'f64':
      scratch.setFloat64(0, value);
      return String(scratch.getBigUint64(0));
    case 'externref': return value === null ? 'null' : String(value);
    case 'funcref': return value === null ? 'null' : 'func';
    default: throw new Unsupported(`a ${type} does not cross to JavaScript`);
  }
}

/** What a call returned, as a list. */
export function listed(types, result) {
  if (types.length === 0) return [];
  return types.length === 1 ? [result] : [...result];
}

/** Something JavaScript cannot do, as opposed to something that went wrong. */
export class Unsupported extends Error {}
