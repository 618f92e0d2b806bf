//! Imports and exports as WAVM read them.

use std::ffi::c_void;

use runoff_runtime::{ExportType, ExternKind, FuncType, ImportType, ValueType};

use crate::ffi::{self, Ir, RawExtern};

/// What a module says of itself.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) imports: Vec<ImportType>,
    pub(crate) exports: Vec<ExportType>,
}

impl Listing {
    /// Reads it.
    pub(crate) fn of(ir: &Ir) -> Self {
        let mut this = Self::default();
        // SAFETY: `take` gets the listing that is alive here, as its environment.
        unsafe { ffi::rw_list(ir.raw(), take, (&raw mut this).cast()) };
        this
    }

    /// Type of an exported function that crosses the seam.
    pub(crate) fn func(&self, export: &str) -> Option<&FuncType> {
        self.exports.iter().find_map(|e| match &e.kind {
            ExternKind::Func(Some(ty)) if e.name == export => Some(ty),
            _ => None,
        })
    }
}

/// Adds an import or export.
///
/// # Safety
///
/// `env` is a [`Listing`] nobody else uses, `one` describes readable texts.
unsafe extern "C" fn take(env: *mut c_void, one: *const RawExtern) {
    // SAFETY: promised by the caller.
    let (listing, one) = unsafe { (&mut *env.cast::<Listing>(), &*one) };
    let text = |start: *const u8, bytes: usize| {
        if bytes == 0 {
            return String::new();
        }
        // SAFETY: as above.
        let bytes = unsafe { std::slice::from_raw_parts(start, bytes) };
        // WAVM has checked that names are UTF-8.
        String::from_utf8_lossy(bytes).into_owned()
    };
    let kind = match one.kind {
        0 => ExternKind::Func(func_type(&text(one.letters, one.letters_bytes))),
        1 => ExternKind::Table,
        2 => ExternKind::Memory,
        3 => ExternKind::Global,
        _ => ExternKind::Tag,
    };
    let name = text(one.name, one.name_bytes);
    if one.module.is_null() {
        listing.exports.push(ExportType { name, kind });
    } else {
        listing.imports.push(ImportType { module: text(one.module, one.module_bytes), name, kind });
    }
}

/// A function type from its letters; `None` when it has values that do not cross the seam.
fn func_type(letters: &str) -> Option<FuncType> {
    let (params, results) = letters.split_once(':')?;
    let types = |letters: &str| {
        let one = |letter| match letter {
            'i' => Some(ValueType::I32),
            'l' => Some(ValueType::I64),
            'f' => Some(ValueType::F32),
            'd' => Some(ValueType::F64),
            'r' => Some(ValueType::FuncRef),
            'x' => Some(ValueType::ExternRef),
            _ => None,
        };
        letters.chars().map(one).collect::<Option<Vec<_>>>()
    };
    Some(FuncType::new(types(params)?, types(results)?))
}
