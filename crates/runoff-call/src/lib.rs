#![doc = include_str!("../README.md")]

mod batch;
mod buffer;
mod bytes;
mod encoded;
mod error;
mod guest;
pub mod host;
mod link;
mod pair;
mod pod;
mod scalar;
mod view;
pub mod wire;

pub use batch::Batch;
pub use bytes::Bytes;
pub use encoded::Encoded;
pub use error::{Error, ErrorKind, Refusal};
pub use guest::Guest;
pub use pair::Pair;
pub use pod::{Pod, PodInput};
pub use scalar::{Scalar, ScalarResult, Scalars};
pub use view::View;

// What types of records need; the versions must be the same on both sides of an embedding program.
pub use bytemuck;
pub use serde;

// What errors and signatures are made of, so that they can be matched on and named.
pub use postcard::Error as DecodeError;
pub use runoff_runtime;
pub use runoff_runtime::{Failure, Trap};
pub use runoff_wire::EncodeError;
