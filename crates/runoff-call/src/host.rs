//! The other direction: host functions for guests, with the same kinds of types.
//!
//! A host function on scalars is a plain import. One on records, encoded values or bytes is an import
//! `(ptr, len, out, room) -> i32`: the guest says where its arguments lie and where the answer shall go, and is told
//! how long it is. Both places are checked; a guest that names bytes outside its memory, or gives too little room,
//! ends with a host failure.

use bytemuck::{AnyBitPattern, NoUninit};
use runoff_runtime::{Caller, FuncType, HostFailure, HostFunc, HostState, Value, ValueType};
use runoff_wire::EncodeError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::scalar::{Scalar, ScalarResult, Scalars};

/// What a host function on scalars answers.
pub trait HostResult: ScalarResult {
    /// As the seam takes it; `None` for nothing.
    fn into_result(self) -> Option<Value>;
}

impl<T: Scalar> HostResult for T {
    fn into_result(self) -> Option<Value> {
        Some(self.into_value())
    }
}

impl HostResult for () {
    fn into_result(self) -> Option<Value> {
        None
    }
}

/// A host function on scalars.
pub fn pair<A: Scalars, R: HostResult>(
    body: impl Fn(&mut HostState, A) -> Result<R, HostFailure> + Send + Sync + 'static,
) -> HostFunc {
    HostFunc::new(FuncType::new(A::TYPES, R::RESULT.as_slice()), move |caller, args, results| {
        let args = A::from_values(args).ok_or_else(|| refuse("arguments of another type"))?;
        let answer = body(caller.state, args)?;
        if let (Some(result), Some(value)) = (results.first_mut(), answer.into_result()) {
            *result = value;
        }
        Ok(())
    })
}

/// A host function from record to record.
pub fn pod<A: AnyBitPattern, R: NoUninit>(
    body: impl Fn(&mut HostState, A) -> Result<R, HostFailure> + Send + Sync + 'static,
) -> HostFunc {
    on_bytes(move |caller, at, out| {
        let args = caller.memory.get(at.range()).ok_or_else(|| outside(at))?;
        let args = bytemuck::try_pod_read_unaligned(args)
            .map_err(|_| refuse(&format!("arguments of {} bytes instead of {}", at.len, size_of::<A>())))?;
        let answer = body(caller.state, args)?;
        place(caller.memory, out, bytemuck::bytes_of(&answer))
    })
}

/// A host function on encoded values.
pub fn encoded<A: DeserializeOwned, R: Serialize>(
    body: impl Fn(&mut HostState, A) -> Result<R, HostFailure> + Send + Sync + 'static,
) -> HostFunc {
    on_bytes(move |caller, at, out| {
        let args = caller.memory.get(at.range()).ok_or_else(|| outside(at))?;
        let args = match postcard::take_from_bytes(args) {
            Ok((args, [])) => args,
            Ok(_) => return Err(refuse("arguments with bytes behind their end")),
            Err(error) => return Err(refuse(&format!("arguments that cannot be decoded: {error}"))),
        };
        let answer = body(caller.state, args)?;
        let room = caller.memory.get_mut(out.range()).ok_or_else(|| outside(out))?;
        match runoff_wire::to_slice(&answer, room) {
            Ok(len) => Ok(len),
            Err(EncodeError::Full) => Err(too_small(out, None)),
            Err(error) => Err(refuse(&format!("an answer that cannot be encoded: {error}"))),
        }
    })
}

/// A host function on bytes in place: arguments and the room for the answer, both in the guest's memory, and the
/// length of the answer. Places that overlap are refused.
pub fn bytes(
    body: impl Fn(&mut HostState, &[u8], &mut [u8]) -> Result<usize, HostFailure> + Send + Sync + 'static,
) -> HostFunc {
    on_bytes(move |caller, at, out| {
        let (args, room) = apart(caller.memory, at, out)?;
        let capacity = room.len();
        let len = body(caller.state, args, room)?;
        if len > capacity { Err(too_small(out, Some(len))) } else { Ok(len) }
    })
}

/// A place a guest names.
#[derive(Clone, Copy, Debug)]
struct Place {
    ptr: u32,
    len: u32,
}

impl Place {
    fn range(self) -> std::ops::Range<usize> {
        self.ptr as usize..(self.ptr as usize).saturating_add(self.len as usize)
    }
}

fn on_bytes(
    body: impl Fn(&mut Caller<'_>, Place, Place) -> Result<usize, HostFailure> + Send + Sync + 'static,
) -> HostFunc {
    let ty = FuncType::new([ValueType::I32; 4], [ValueType::I32]);
    HostFunc::new(ty, move |caller, args, results| {
        let &[Value::I32(ptr), Value::I32(len), Value::I32(out), Value::I32(room)] = args else {
            return Err(refuse("arguments of another type"));
        };
        let at = Place { ptr: ptr.cast_unsigned(), len: len.cast_unsigned() };
        let out = Place { ptr: out.cast_unsigned(), len: room.cast_unsigned() };
        let written = body(caller, at, out)?;
        if let Some(result) = results.first_mut() {
            *result = Value::I32(written as i32);
        }
        Ok(())
    })
}

/// Both places at once, when they do not overlap.
fn apart(memory: &mut [u8], at: Place, out: Place) -> Result<(&[u8], &mut [u8]), HostFailure> {
    let (a, b) = (at.range(), out.range());
    let size = memory.len();
    if a.end > size {
        return Err(outside(at));
    }
    if b.end > size {
        return Err(outside(out));
    }
    if a.end <= b.start {
        let (low, high) = memory.split_at_mut(b.start);
        Ok((&low[a], &mut high[..out.len as usize]))
    } else if b.end <= a.start {
        let (low, high) = memory.split_at_mut(a.start);
        Ok((&high[..at.len as usize], &mut low[b]))
    } else {
        Err(refuse("arguments and room for the answer that overlap"))
    }
}

fn place(memory: &mut [u8], out: Place, answer: &[u8]) -> Result<usize, HostFailure> {
    let room = memory.get_mut(out.range()).ok_or_else(|| outside(out))?;
    room.get_mut(..answer.len()).ok_or_else(|| too_small(out, Some(answer.len())))?.copy_from_slice(answer);
    Ok(answer.len())
}

#[cold]
fn refuse(what: &str) -> HostFailure {
    HostFailure::Failed(format!("the guest gives {what}"))
}

#[cold]
fn outside(place: Place) -> HostFailure {
    HostFailure::Failed(format!(
        "the guest names bytes outside its memory: {} at {:#x}",
        place.len, place.ptr
    ))
}

#[cold]
fn too_small(out: Place, needed: Option<usize>) -> HostFailure {
    let needed = needed.map_or(String::new(), |n| format!(", {n} are needed"));
    HostFailure::Failed(format!("the guest gives {} bytes of room for the answer{needed}", out.len))
}
