// Which proposals an engine runs: it is asked, with a module that needs nothing else.

const HEADER = '0061736d01000000';

/** Modules without their header, by proposal. */
const SAMPLES = {
  'mutable-globals': '0606017f0141000b07050101670300',
  'saturating-float-to-int': '0105016000017f030201000a0b0109004300000000fc000b',
  'sign-extension': '0105016000017f030201000a070105004100c00b',
  'multi-value': '0106016000027f7f030201000a08010600410141020b',
  'bulk-memory': '0104016000000302010005030100010a0e010c00410041004100fc0a00000b',
  'reference-types': '0105016000016f030201000a06010400d06f0b',
  simd: '01050160017b00030201000a040102000b',
  'relaxed-simd': '0105016000017b030201000a2b012900fd0c00000000000000000000000000000000fd0c00000000000000000000000000000000fd80020b',
  'tail-call': '010401600000030201000a0601040012000b',
  'multi-memory': '05050200010001',
  memory64: '0503010401',
  'extended-const': '0609017f00410141026a0b',
};

/** Names of the proposals this engine takes. */
export function features() {
  return Object.keys(SAMPLES).filter((name) => WebAssembly.validate(bytes(SAMPLES[name])));
}

/** A module that adds one. */
export const adder = () => bytes('01060160017f017f03020100070501016600000a09010700200041016a0b');

/** A module whose `f` calls a null reference at 0, and a function of another type at 1. */
export const indirect = () =>
  bytes('01080260000060017f000303020101040401700002070501016600010907010041010b01000a0c0202000b070020001100000b');

function bytes(hex) {
  return new Uint8Array((HEADER + hex).match(/../g).map((pair) => parseInt(pair, 16)));
}
