//! The attribute of `runoff-guest`.

mod entry;
mod options;
mod signature;

use proc_macro::TokenStream;
use quote::quote;

/// Exports a function so that hosts can call it with `runoff-call`.
///
/// The function stays as it is; beside it comes an entry that is only compiled for WebAssembly.
///
/// - `#[export]`: up to eight numbers or `bool`s in, at most one out, in registers.
/// - `#[export(pod)]`: one record `T`, `&T` or `&[T]` in, one record or nothing out, or any number of them into an
///   `&mut Output`, the last parameter then. Records are `bytemuck::Pod`.
/// - `#[export(pod, batch)]`: the same for a record `T`, and a second entry that takes many in one call.
/// - `#[export(batch)]`: the second entry alone, by a function that takes all records, `fn(&[T], &mut Output)`, and adds
///   an answer for each.
/// - `#[export(encoded)]`: any serde types in and out.
/// - `#[export(bytes)]`: `fn(&[u8], &mut Output)`.
/// - `#[export(entry)]`: the same, as the nameless entry `runoff_call` of a module with one job.
///
/// `name = "…"` gives it another name than the function's.
#[proc_macro_attribute]
pub fn export(options: TokenStream, item: TokenStream) -> TokenStream {
    let function = syn::parse_macro_input!(item as syn::ItemFn);
    let options = syn::parse_macro_input!(options as options::Options);
    match entry::entries(&options, &function) {
        Ok(entries) => quote! { #function #entries }.into(),
        Err(error) => {
            let error = error.to_compile_error();
            quote! { #function #error }.into()
        }
    }
}
