//! Characterisation programs that work on text with well-known libraries.
#![forbid(unsafe_code)]

pub mod markdown;
pub mod regex;
