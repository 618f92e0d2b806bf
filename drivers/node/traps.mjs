// From the words of JavaScript engines to the traps of the WebAssembly specification.

/** How a host function ended the guest; thrown through it. */
export class HostFailure {
  constructor(failure) {
    this.failure = failure;
  }
}

// V8's words first, then those of JavaScriptCore.
const TRAPS = [
  [/unreachable/i, 'unreachable'],
  [/divide by zero|division by zero|remainder by zero/i, 'integer-divide-by-zero'],
  [/unrepresentable in integer range|out of bounds trunc/i, null],
  [/divide result unrepresentable|signed integer overflow|integer overflow/i, 'integer-overflow'],
  [/memory access out of bounds|out of bounds memory access|data segment/i, 'memory-out-of-bounds'],
  [/table index is out of bounds|table access out of bounds|out of bounds table access|out of bounds call_indirect|element segment/i, 'table-out-of-bounds'],
  // One message for two traps: its words are all there is to tell.
  [/null function or function signature mismatch/i, null],
  [/call_indirect to a signature that does not match|signature mismatch/i, 'indirect-call-type-mismatch'],
  [/call_indirect to a null table entry|dereferencing a null pointer|null reference/i, 'null-reference'],
];

/** The failure an exception stands for. */
export function failureOf(error) {
  if (error instanceof HostFailure) return error.failure;
  if (error instanceof RangeError && /call stack/i.test(error.message)) return trap('stack-exhausted');
  if (error instanceof WebAssembly.RuntimeError) {
    for (const [words, name] of TRAPS) {
      if (words.test(error.message)) return trap(name ?? { other: error.message });
    }
    return trap({ other: error.message });
  }
  return { kind: 'engine', detail: String(error?.message ?? error) };
}

function trap(detail) {
  return { kind: 'trap', detail };
}
