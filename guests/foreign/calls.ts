// The convention by hand, from docs/CALLS.md: numbers, records, many records, bytes. No imports.

const LENGTH: u64 = 1;

let buffer: usize = 0;
let room: u32 = 0;
let answer: usize = heap.alloc(16);

function at(ptr: usize, len: u32): u64 {
  return (u64(ptr) << 32) | u64(len);
}

export function runoff_version(host: u32): u32 {
  return host > 0 ? 1 : 0;
}

export function runoff_buffer(len: u32): usize {
  if (len > room) {
    if (buffer != 0) heap.free(buffer);
    // What the heap gives is aligned to 16 bytes, as the convention asks.
    buffer = heap.alloc(len);
    room = len;
  }
  return buffer;
}

export function runoff_alloc(len: u32): usize {
  return heap.alloc(len);
}

export function runoff_free(ptr: usize, len: u32): void {
  heap.free(ptr);
}

export function mul(x: i32, y: i32): i32 {
  return x * y;
}

// { id: u32, count: u32, size: u64 }, counted once more.
function next(from: usize, to: usize): void {
  store<u32>(to, load<u32>(from));
  store<u32>(to, load<u32>(from, 4) + 1, 4);
  store<u64>(to, load<u64>(from, 8), 8);
}

export function runoff_pod_next(ptr: usize, len: u32): u64 {
  if (len != 16) return LENGTH;
  next(ptr, answer);
  return at(answer, 16);
}

export function runoff_batch_next(ptr: usize, len: u32): u64 {
  if (len % 16 != 0) return LENGTH;
  for (let i: u32 = 0; i < len; i += 16) next(ptr + i, ptr + i);
  return len == 0 ? 0 : at(ptr, len);
}

export function runoff_bytes_echo(ptr: usize, len: u32): u64 {
  return len == 0 ? 0 : at(ptr, len);
}
