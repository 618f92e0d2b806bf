//! Modules of `runoff-guest-calls` that need the standard library, a package of their own: crates built together share
//! features, and one that asks serde for the standard library would bring it into modules without it.
