//! Values of the scripts in the seam's terms.

use runoff_runtime::Value;
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::{WastArg, WastRet};

/// An argument; `None` when its type does not cross the seam.
pub(crate) fn argument(arg: &WastArg<'_>) -> Option<Value> {
    let WastArg::Core(arg) = arg else { return None };
    Some(match arg {
        WastArgCore::I32(v) => Value::I32(*v),
        WastArgCore::I64(v) => Value::I64(*v),
        WastArgCore::F32(v) => Value::F32(v.bits),
        WastArgCore::F64(v) => Value::F64(v.bits),
        WastArgCore::V128(v) => Value::V128(v.to_le_bytes()),
        WastArgCore::RefNull(ty) => null(ty)?,
        WastArgCore::RefExtern(n) => Value::ExternRef(Some(*n)),
        WastArgCore::RefHost(_) => return None,
    })
}

fn null(ty: &HeapType<'_>) -> Option<Value> {
    match ty {
        HeapType::Abstract { ty: AbstractHeapType::Func, .. } => Some(Value::FuncRef(false)),
        HeapType::Abstract { ty: AbstractHeapType::Extern, .. } => Some(Value::ExternRef(None)),
        _ => None,
    }
}

/// Whether a result is one the script accepts; `None` when its type does not cross the seam.
pub(crate) fn accepts(wanted: &WastRet<'_>, found: &Value) -> Option<bool> {
    let WastRet::Core(wanted) = wanted else { return None };
    accepts_core(wanted, found)
}

fn accepts_core(wanted: &WastRetCore<'_>, found: &Value) -> Option<bool> {
    Some(match (wanted, found) {
        (WastRetCore::I32(w), Value::I32(f)) => w == f,
        (WastRetCore::I64(w), Value::I64(f)) => w == f,
        (WastRetCore::F32(w), Value::F32(f)) => float32(*w, *f),
        (WastRetCore::F64(w), Value::F64(f)) => float64(w, *f),
        (WastRetCore::V128(w), Value::V128(f)) => vector(w, f),
        (WastRetCore::RefNull(_), Value::FuncRef(f)) => !f,
        (WastRetCore::RefNull(_), Value::ExternRef(f)) => f.is_none(),
        (WastRetCore::RefFunc(_), Value::FuncRef(f)) => *f,
        (WastRetCore::RefExtern(w), Value::ExternRef(f)) => match w {
            Some(w) => *f == Some(*w),
            None => f.is_some(),
        },
        (WastRetCore::Either(cases), f) => {
            let answers: Vec<_> = cases.iter().map(|case| accepts_core(case, f)).collect();
            if answers.iter().all(Option::is_none) {
                return None;
            }
            answers.contains(&Some(true))
        }
        (
            WastRetCore::RefHost(_)
            | WastRetCore::RefAny
            | WastRetCore::RefEq
            | WastRetCore::RefArray
            | WastRetCore::RefStruct
            | WastRetCore::RefI31
            | WastRetCore::RefI31Shared,
            _,
        ) => return None,
        _ => false,
    })
}

fn float32(wanted: NanPattern<wast::token::F32>, found: u32) -> bool {
    match wanted {
        NanPattern::CanonicalNan => found & 0x7fff_ffff == 0x7fc0_0000,
        NanPattern::ArithmeticNan => found & 0x7fc0_0000 == 0x7fc0_0000,
        NanPattern::Value(v) => v.bits == found,
    }
}

fn float64(wanted: &NanPattern<wast::token::F64>, found: u64) -> bool {
    match wanted {
        NanPattern::CanonicalNan => found & 0x7fff_ffff_ffff_ffff == 0x7ff8_0000_0000_0000,
        NanPattern::ArithmeticNan => found & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
        NanPattern::Value(v) => v.bits == found,
    }
}

fn vector(wanted: &V128Pattern, found: &[u8; 16]) -> bool {
    fn lanes<const N: usize>(found: &[u8; 16]) -> impl Iterator<Item = [u8; N]> {
        found.chunks_exact(N).map(|lane| lane.try_into().expect("a whole lane"))
    }
    match wanted {
        V128Pattern::I8x16(w) => w.iter().zip(lanes(found)).all(|(w, f)| *w == i8::from_le_bytes(f)),
        V128Pattern::I16x8(w) => w.iter().zip(lanes(found)).all(|(w, f)| *w == i16::from_le_bytes(f)),
        V128Pattern::I32x4(w) => w.iter().zip(lanes(found)).all(|(w, f)| *w == i32::from_le_bytes(f)),
        V128Pattern::I64x2(w) => w.iter().zip(lanes(found)).all(|(w, f)| *w == i64::from_le_bytes(f)),
        V128Pattern::F32x4(w) => w.iter().zip(lanes(found)).all(|(w, f)| float32(*w, u32::from_le_bytes(f))),
        V128Pattern::F64x2(w) => w.iter().zip(lanes(found)).all(|(w, f)| float64(w, u64::from_le_bytes(f))),
    }
}
