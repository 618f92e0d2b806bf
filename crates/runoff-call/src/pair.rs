//! Functions on scalars: arguments and result travel in registers.

use std::marker::PhantomData;

use runoff_runtime::{FastFunc, FuncHandle, FuncType, Value};

use crate::error::{Error, ErrorKind};
use crate::guest::Guest;
use crate::scalar::{ScalarResult, Scalars};

/// A function on scalars, such as `Pair<(i32, i64), i32>`. The fastest kind of call, and the only one that needs
/// nothing but the function from the guest.
///
/// Signatures with at most two arguments that are listed in [`runoff_runtime::for_each_fast_signature`] take the
/// runtime's typed path; others are called dynamically.
pub struct Pair<A, R> {
    token: u64,
    fast: Option<FastFunc>,
    func: FuncHandle,
    types: PhantomData<fn(A) -> R>,
}

impl<A, R> Clone for Pair<A, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, R> Copy for Pair<A, R> {}

impl<A, R> std::fmt::Debug for Pair<A, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pair").field("func", &self.func).finish_non_exhaustive()
    }
}

impl Guest {
    /// Looks a function on scalars up by its plain name.
    pub fn pair<A: Scalars, R: ScalarResult>(&mut self, name: &str) -> Result<Pair<A, R>, Error> {
        let wanted = FuncType::new(A::TYPES, R::RESULT.as_slice());
        let (token, func, fast) = self.scalar_handle(name, &wanted)?;
        Ok(Pair { token, fast, func, types: PhantomData })
    }
}

impl<A: Scalars, R: ScalarResult> Pair<A, R> {
    /// Calls it.
    #[inline]
    pub fn call(&self, guest: &mut Guest, args: A) -> Result<R, Error> {
        guest.admit(self.token)?;
        match self.fast {
            Some(func) => {
                let (a, b) = args.slots();
                Ok(R::from_result_slot(guest.run(func, a, b)?))
            }
            None => self.call_dynamically(guest, args),
        }
    }

    fn call_dynamically(&self, guest: &mut Guest, args: A) -> Result<R, Error> {
        let mut result = [Value::I32(0)];
        let results = &mut result[..R::RESULT.as_slice().len()];
        guest.run_values(self.func, &args.values()[..A::TYPES.len()], results)?;
        // The type was checked when the handle was made.
        R::from_results(results).ok_or_else(|| ErrorKind::Length { found: 0, wanted: 1 }.into())
    }
}
