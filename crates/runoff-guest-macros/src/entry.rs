//! Entries as the convention has them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, ItemFn, Type};

use crate::options::{Kind, Options};
use crate::signature::{Shape, is_output, parameters, result};

/// The entries of a function.
pub(crate) fn entries(options: &Options, function: &ItemFn) -> syn::Result<TokenStream> {
    let types = parameters(function)?;
    let name = options.name.as_ref().map_or_else(|| function.sig.ident.to_string(), syn::LitStr::value);
    let call = &function.sig.ident;
    let prefixed = |prefix: &str| format!("runoff_{prefix}_{name}");
    let entry = |prefix: &str, body: &TokenStream| bytes_entry(&prefixed(prefix), function, body);
    Ok(match options.kind {
        Kind::Pair => pair(&name, function, &types)?,
        Kind::Pod { batch } => {
            let single = entry("pod", &pod(function, &types)?);
            let many = if batch { batched(&prefixed("batch"), function, &types)? } else { quote!() };
            quote! { #single #many }
        }
        Kind::Batch => entry("batch", &by_hand(function, &types)?),
        Kind::Encoded => entry("encoded", &encoded(call, &types)),
        Kind::Bytes => entry("bytes", &bytes(function, &types)?),
        Kind::Entry => bytes_entry("runoff_call", function, &bytes(function, &types)?),
    })
}

/// An item that only exists in modules. Its text is not the user's, so neither are lints on it.
fn exported(name: &str, entry: &TokenStream) -> TokenStream {
    quote! {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, clippy::all, clippy::pedantic, reason = "an entry for hosts")]
        const _: () = {
            // SAFETY: the linker refuses a second export of this name.
            #[unsafe(export_name = #name)]
            #entry
        };
    }
}

fn bytes_entry(name: &str, function: &ItemFn, body: &TokenStream) -> TokenStream {
    // The types in the body may name the function's lifetimes.
    let (lifetimes, _, bounds) = function.sig.generics.split_for_impl();
    let entry = quote! {
        extern "C" fn entry #lifetimes (ptr: *mut u8, len: usize) -> u64 #bounds {
            // SAFETY: hosts pass what they wrote to a buffer of this module, and call one entry at a time.
            unsafe { #body }
        }
    };
    exported(name, &entry)
}

fn pair(name: &str, function: &ItemFn, types: &[&Type]) -> syn::Result<TokenStream> {
    const NUMBERS: [&str; 7] = ["i32", "u32", "i64", "u64", "f32", "f64", "bool"];
    let is_number = |ty: &Type| match ty {
        Type::Path(path) => path.path.get_ident().is_some_and(|i| NUMBERS.contains(&i.to_string().as_str())),
        Type::Tuple(tuple) => tuple.elems.is_empty(),
        _ => false,
    };
    let result = result(function);
    if let Some(ty) = types.iter().copied().chain([&result]).find(|ty| !is_number(ty)) {
        let words = "only numbers travel in registers; say how the rest does: \
            `#[export(pod)]`, `#[export(encoded)]` or `#[export(bytes)]`";
        return Err(syn::Error::new_spanned(ty, words));
    }
    if types.len() > 8 {
        return Err(syn::Error::new_spanned(
            &function.sig.inputs,
            "at most eight numbers travel in registers",
        ));
    }
    let call = &function.sig.ident;
    let names: Vec<Ident> = (0..types.len()).map(|i| format_ident!("argument_{i}")).collect();
    // A `bool` of C has one byte; the host may pass any number.
    let is_bool = |ty: &Type| quote!(#ty).to_string() == "bool";
    let (wire, values): (Vec<_>, Vec<_>) = types
        .iter()
        .zip(&names)
        .map(
            |(ty, name)| {
                if is_bool(ty) { (quote!(i32), quote!(#name != 0)) } else { (quote!(#ty), quote!(#name)) }
            },
        )
        .unzip();
    let (back, answer) = if is_bool(&result) {
        (quote!(i32), quote!(i32::from(#call(#(#values),*))))
    } else {
        (quote!(#result), quote!(#call(#(#values),*)))
    };
    let entry = quote! { extern "C" fn entry(#(#names: #wire),*) -> #back { #answer } };
    Ok(exported(name, &entry))
}

/// How the one argument of a function on records is read, if it has one.
fn argument(types: &[&Type]) -> TokenStream {
    let Some(ty) = types.first() else {
        return quote! { ::runoff_guest::rt::value::<()>(ptr, len) };
    };
    match Shape::of(ty) {
        Shape::Value(ty) => quote! { ::runoff_guest::rt::value::<#ty>(ptr, len) },
        Shape::Reference(ty) => quote! { ::runoff_guest::rt::reference::<#ty>(ptr, len) },
        Shape::Slice(ty) => quote! { ::runoff_guest::rt::slice::<#ty>(ptr, len) },
    }
}

/// Parameters without the output, and whether there is one.
fn split<'a, 'b>(types: &'a [&'b Type]) -> (&'a [&'b Type], bool) {
    match types.split_last() {
        Some((last, rest)) if is_output(last) => (rest, true),
        _ => (types, false),
    }
}

fn pod(function: &ItemFn, types: &[&Type]) -> syn::Result<TokenStream> {
    let (inputs, output) = split(types);
    if inputs.len() > 1 {
        let words = "a function on records takes one; put several values in a struct";
        return Err(syn::Error::new_spanned(&function.sig.inputs, words));
    }
    let (call, argument, result) = (&function.sig.ident, argument(inputs), result(function));
    let value = if inputs.is_empty() { quote!() } else { quote!(argument,) };
    let answer = if output {
        quote! {
            let mut output = ::runoff_guest::Output::new(&::runoff_guest::rt::OUTPUT);
            let () = #call(#value &mut output);
            ::runoff_guest::rt::give_output(&output)
        }
    } else {
        quote! {
            static ANSWER: ::runoff_guest::rt::Slot<#result> = ::runoff_guest::rt::Slot::new();
            ::runoff_guest::rt::give(&ANSWER, #call(#value))
        }
    };
    Ok(quote! {
        match #argument {
            Ok(argument) => { let _ = &argument; #answer }
            Err(refusal) => refusal,
        }
    })
}

/// A function that takes the whole batch.
fn by_hand(function: &ItemFn, types: &[&Type]) -> syn::Result<TokenStream> {
    match split(types) {
        ([ty], true) if matches!(Shape::of(ty), Shape::Slice(_)) => pod(function, types),
        _ => {
            let words =
                "a function on a whole batch is `fn(&[T], &mut Output)`, and adds an answer for each record";
            Err(syn::Error::new_spanned(&function.sig.inputs, words))
        }
    }
}

fn batched(name: &str, function: &ItemFn, types: &[&Type]) -> syn::Result<TokenStream> {
    let [ty] = types else {
        return Err(syn::Error::new_spanned(&function.sig.inputs, "a batched function takes one record"));
    };
    let Shape::Value(ty) = Shape::of(ty) else {
        return Err(syn::Error::new_spanned(ty, "a batched function takes its record by value"));
    };
    let (call, result) = (&function.sig.ident, result(function));
    let body = quote! {
        ::runoff_guest::rt::batch::<#ty, #result>(ptr, len, &::runoff_guest::rt::OUTPUT, #call)
    };
    Ok(bytes_entry(name, function, &body))
}

fn encoded(call: &Ident, types: &[&Type]) -> TokenStream {
    let names: Vec<Ident> = (0..types.len()).map(|i| format_ident!("argument_{i}")).collect();
    // A tuple of one is encoded as what is in it, and takes longer to see through.
    let (ty, pattern) = match (types, names.as_slice()) {
        ([ty], [name]) => (quote!(#ty), quote!(#name)),
        _ => (quote!((#(#types,)*)), quote!((#(#names,)*))),
    };
    quote! {
        match ::runoff_guest::rt::decode::<#ty>(ptr, len) {
            Ok(#pattern) => ::runoff_guest::rt::encode(&#call(#(#names),*)),
            Err(refusal) => refusal,
        }
    }
}

fn bytes(function: &ItemFn, types: &[&Type]) -> syn::Result<TokenStream> {
    let fits =
        matches!(types, [input, output] if matches!(Shape::of(input), Shape::Slice(_)) && is_output(output));
    if !fits {
        let words = "a function on bytes is `fn(&[u8], &mut Output)`";
        return Err(syn::Error::new_spanned(&function.sig.inputs, words));
    }
    let call = &function.sig.ident;
    Ok(quote! {
        match ::runoff_guest::rt::slice::<u8>(ptr, len) {
            Ok(argument) => {
                let mut output = ::runoff_guest::Output::new(&::runoff_guest::rt::OUTPUT);
                let () = #call(argument, &mut output);
                ::runoff_guest::rt::give_output(&output)
            }
            Err(refusal) => refusal,
        }
    })
}
