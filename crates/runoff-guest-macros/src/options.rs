//! What stands in the attribute's brackets.

use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Pair,
    Pod { batch: bool },
    Batch,
    Encoded,
    Bytes,
    Entry,
}

pub(crate) struct Options {
    pub(crate) kind: Kind,
    pub(crate) name: Option<LitStr>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (mut kind, mut name, mut batch) = (None, None, None);
        while !input.is_empty() {
            let word: Ident = input.parse()?;
            let named = match word.to_string().as_str() {
                "pair" => Some(Kind::Pair),
                "pod" => Some(Kind::Pod { batch: false }),
                "encoded" => Some(Kind::Encoded),
                "bytes" => Some(Kind::Bytes),
                "entry" => Some(Kind::Entry),
                "batch" => {
                    batch = Some(word.clone());
                    None
                }
                "name" => {
                    input.parse::<Token![=]>()?;
                    name = Some(input.parse()?);
                    None
                }
                _ => {
                    let words =
                        "expected `pair`, `pod`, `batch`, `encoded`, `bytes`, `entry` or `name = \"…\"`";
                    return Err(syn::Error::new(word.span(), words));
                }
            };
            if named.is_some() && kind.is_some() {
                return Err(syn::Error::new(word.span(), "a function is of one kind"));
            }
            kind = kind.or(named);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let kind = match (kind, batch) {
            (Some(Kind::Pod { .. }), Some(_)) => Kind::Pod { batch: true },
            (None, Some(_)) => Kind::Batch,
            (Some(_), Some(word)) => {
                return Err(syn::Error::new(word.span(), "only functions on records are batched"));
            }
            (kind, None) => kind.unwrap_or(Kind::Pair),
        };
        Ok(Self { kind, name })
    }
}
