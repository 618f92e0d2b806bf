//! What a function takes.

use syn::{FnArg, GenericParam, ItemFn, ReturnType, Type};

/// The types of the parameters; refuses what cannot be exported.
pub(crate) fn parameters(function: &ItemFn) -> syn::Result<Vec<&Type>> {
    let signature = &function.sig;
    let refuse = |span: &dyn quote::ToTokens, words: &str| Err(syn::Error::new_spanned(span, words));
    let is_lifetime = |p: &&GenericParam| matches!(p, GenericParam::Lifetime(_));
    if let Some(parameter) = signature.generics.params.iter().find(|p| !is_lifetime(p)) {
        return refuse(parameter, "an exported function has no parameters but lifetimes");
    }
    if let Some(word) = &signature.asyncness {
        return refuse(word, "an exported function is not `async`");
    }
    if let Some(word) = &signature.unsafety {
        return refuse(word, "an exported function is safe: the host cannot promise anything");
    }
    signature.inputs.iter().map(typed).collect()
}

fn typed(argument: &FnArg) -> syn::Result<&Type> {
    match argument {
        FnArg::Typed(typed) => Ok(&*typed.ty),
        FnArg::Receiver(this) => Err(syn::Error::new_spanned(this, "an exported function has no `self`")),
    }
}

/// The type of the result.
pub(crate) fn result(function: &ItemFn) -> Type {
    match &function.sig.output {
        ReturnType::Default => syn::parse_quote!(()),
        ReturnType::Type(_, ty) => (**ty).clone(),
    }
}

/// How a record comes in.
pub(crate) enum Shape<'a> {
    Value(&'a Type),
    Reference(&'a Type),
    Slice(&'a Type),
}

impl<'a> Shape<'a> {
    pub(crate) fn of(ty: &'a Type) -> Self {
        match ty {
            Type::Reference(reference) if reference.mutability.is_none() => match &*reference.elem {
                Type::Slice(slice) => Self::Slice(&slice.elem),
                elem => Self::Reference(elem),
            },
            ty => Self::Value(ty),
        }
    }
}

/// Whether a parameter is the output.
pub(crate) fn is_output(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    let Type::Path(path) = &*reference.elem else { return false };
    reference.mutability.is_some() && path.path.segments.last().is_some_and(|s| s.ident == "Output")
}
