// From the words of JavaScript engines to the traps of the WebAssembly specification.

import { indirect } from './features.mjs';

/** How a host function ended the guest; thrown through it. */
export class HostFailure {
  constructor(failure) {
    this.failure = failure;
  }
}

/** What the engine says of a call through a null reference and of one of another type, where that is the same. */
const ONE_MESSAGE = (() => {
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(indirect())).exports;
  const [ofNull, ofType] = [0, 1].map((place) => {
    try {
      f(place);
    } catch (error) {
      return words(error);
    }
    throw new Error('a call through a null reference or of another type did not trap');
  });
  return ofNull === ofType ? ofNull : undefined;
})();

/** Traps this engine has only one message for. */
export const INDISTINCT = [
  ...(ONE_MESSAGE === undefined ? [] : ['null reference and type mismatch are one']),
  'overflow and NaN of a conversion are one',
].join('; ');

// V8's words first, then those of JavaScriptCore.
const TRAPS = [
  [/unreachable/i, 'unreachable'],
  [/divide by zero|division by zero|remainder by zero/i, 'integer-divide-by-zero'],
  [/unrepresentable in integer range|out of bounds trunc/i, null],
  [/divide result unrepresentable|signed integer overflow|integer overflow/i, 'integer-overflow'],
  [/memory access out of bounds|out of bounds memory access|data segment/i, 'memory-out-of-bounds'],
  [/table index is out of bounds|table access out of bounds|out of bounds table access|out of bounds call_indirect|out of bounds table index|element segment/i, 'table-out-of-bounds'],
  [/call_indirect to a signature that does not match|signature mismatch/i, 'indirect-call-type-mismatch'],
  [/call_indirect to a null table entry|null function|dereferencing a null pointer|null reference/i, 'null-reference'],
];

/** The failure an exception stands for. */
export function failureOf(error) {
  if (error instanceof HostFailure) return error.failure;
  if (error instanceof RangeError && /call stack/i.test(error.message)) return trap('stack-exhausted');
  if (error instanceof WebAssembly.RuntimeError) {
    const message = words(error);
    const known = message === ONE_MESSAGE ? undefined : TRAPS.find(([pattern]) => pattern.test(message))?.[1];
    return trap(known ?? { other: message });
  }
  return { kind: 'engine', detail: words(error) };
}

/** What an exception says. JavaScriptCore appends the source text of this driver that was being evaluated. */
export function words(error) {
  return String(error?.message ?? error).replace(/ \(evaluating '.*'\)$/s, '');
}

function trap(detail) {
  return { kind: 'trap', detail };
}
