//! The guests of the studies, as they are committed.

/// Every kind of call, without an allocator.
pub const KINDS: &[u8] = include_bytes!("../../../guests/prebuilt/calls/kinds.wasm");
/// Every kind of call, with blocks of its own.
pub const BLOCKS: &[u8] = include_bytes!("../../../guests/prebuilt/calls/blocks.wasm");
/// A guest that calls its host.
pub const BACK: &[u8] = include_bytes!("../../../guests/prebuilt/calls/back.wasm");
/// The web cache.
pub const CACHE: &[u8] = include_bytes!("../../../guests/prebuilt/calls/cache.wasm");
/// Every kind of call, in C.
pub const IN_C: &[u8] = include_bytes!("../../../guests/foreign/prebuilt/calls-c.wasm");
/// Numbers, records and bytes, in `AssemblyScript`.
pub const IN_ASSEMBLYSCRIPT: &[u8] = include_bytes!("../../../guests/foreign/prebuilt/calls-as.wasm");
