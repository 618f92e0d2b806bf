//! Calling the host.

/// Declares host functions on records, encoded values or bytes; those on numbers need no more than an
/// `extern "C"` block.
///
/// ```
/// # use runoff_guest::bytemuck::{Pod, Zeroable};
/// #[derive(Clone, Copy, Pod, Zeroable)]
/// #[repr(C)]
/// struct Point { x: f64, y: f64 }
///
/// runoff_guest::host! {
///     "geo" {
///         /// The nearest town.
///         pod fn nearest(at: Point) -> Point;
///         /// How far it is between two towns; neither question nor answer has more than 128 bytes.
///         encoded(128) fn distance(between: (&str, &str)) -> Option<f64>;
///         /// Its name, if that has no more than 64 bytes.
///         bytes fn name(at: &[u8], into: &mut [u8; 64]) -> usize;
///     }
/// }
/// ```
///
/// Natively, these functions panic: there is no host.
#[macro_export]
macro_rules! host {
    ($module:literal { $($body:tt)* }) => { $crate::__host! { $module $($body)* } };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __host {
    ($module:literal) => {};
    ($module:literal $(#[$doc:meta])* pod fn $name:ident($arg:ident: $ty:ty) -> $result:ty; $($rest:tt)*) => {
        $(#[$doc])*
        #[allow(unsafe_code, dead_code, reason = "an import")]
        fn $name($arg: $ty) -> $result {
            let mut result = <$result as $crate::bytemuck::Zeroable>::zeroed();
            let found: usize = {
                let out = $crate::bytemuck::bytes_of_mut(&mut result);
                $crate::__import!($module, $name, $crate::bytemuck::bytes_of(&$arg), out)
            };
            assert!(found == size_of::<$result>(), "the host answers with another type");
            result
        }
        $crate::__host! { $module $($rest)* }
    };
    ($module:literal $(#[$doc:meta])* encoded($room:expr) fn $name:ident($arg:ident: $ty:ty) -> $result:ty; $($rest:tt)*) => {
        $(#[$doc])*
        #[allow(unsafe_code, dead_code, reason = "an import")]
        fn $name($arg: $ty) -> $result {
            let (mut question, mut answer) = ([0_u8; $room], [0_u8; $room]);
            let question = $crate::rt::encode_into(&$arg, &mut question);
            let found: usize = $crate::__import!($module, $name, question, &mut answer);
            $crate::rt::decode_from(answer.get(..found).unwrap_or_default())
        }
        $crate::__host! { $module $($rest)* }
    };
    ($module:literal $(#[$doc:meta])* bytes fn $name:ident($arg:ident: &[u8], $out:ident: &mut [u8; $room:expr]) -> usize; $($rest:tt)*) => {
        $(#[$doc])*
        #[allow(unsafe_code, dead_code, reason = "an import")]
        fn $name($arg: &[u8], $out: &mut [u8; $room]) -> usize {
            $crate::__import!($module, $name, $arg, $out)
        }
        $crate::__host! { $module $($rest)* }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __import {
    ($module:literal, $name:ident, $arg:expr, $out:expr) => {{
        let (arg, out): (&[u8], &mut [u8]) = ($arg, $out);
        #[cfg(target_arch = "wasm32")]
        {
            #[link(wasm_import_module = $module)]
            unsafe extern "C" {
                fn $name(arg: *const u8, len: usize, out: *mut u8, room: usize) -> usize;
            }
            // SAFETY: the host reads and writes within what it is told.
            unsafe { $name(arg.as_ptr(), arg.len(), out.as_mut_ptr(), out.len()) }
        }
        #[cfg(not(target_arch = "wasm32"))]
        {
            let _ = (arg, out);
            $crate::rt::no_host()
        }
    }};
}
