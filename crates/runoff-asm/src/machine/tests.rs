//! Hand-assembled functions.

use super::*;

fn counted(bytes: &[u8]) -> Counts {
    count(&Decoded::new(0x1000, bytes), &Names::default())
}

/// What is not nothing, besides bytes.
fn found(bytes: &[u8]) -> Vec<(&'static str, u64)> {
    let counts = counted(bytes);
    let skip = [Measure::Bytes, Measure::Prefixes, Measure::OtherBytes];
    Measure::ALL
        .into_iter()
        .filter(|m| counts.get(*m) > 0 && !skip.contains(m))
        .map(|m| (m.name(), counts.get(m)))
        .collect()
}

#[test]
fn loads_stores_and_moves_are_told_apart() {
    // mov eax,[rdi]
    assert_eq!(found(&[0x8b, 0x07]), [("instructions", 1), ("loads", 1)]);
    // mov [rdi],eax
    assert_eq!(found(&[0x89, 0x07]), [("instructions", 1), ("stores", 1)]);
    // mov eax,edi
    assert_eq!(found(&[0x89, 0xf8]), [("instructions", 1), ("register moves", 1)]);
    // movaps xmm0,xmm1
    assert_eq!(found(&[0x0f, 0x28, 0xc1]), [("instructions", 1), ("register moves", 1)]);
    // lea rax,[rdi+rsi*4] reads nothing
    assert_eq!(found(&[0x48, 0x8d, 0x04, 0xb7]), [("instructions", 1), ("indexed addresses", 1)]);
    // add [rdi+rsi*4],eax reads, computes and writes
    let add =
        [("instructions", 1), ("loads", 1), ("stores", 1), ("memory operands", 1), ("indexed addresses", 1)];
    assert_eq!(found(&[0x01, 0x04, 0xb7]), add);
    // cmp eax,[rdi] only reads
    assert_eq!(found(&[0x3b, 0x07]), [("instructions", 1), ("loads", 1), ("memory operands", 1)]);
    // mov eax,1 moves nothing from a register
    assert_eq!(found(&[0xb8, 1, 0, 0, 0]), [("instructions", 1)]);
    // nop [rax] is none
    assert_eq!(found(&[0x0f, 0x1f, 0x00]), [("instructions", 1)]);
}

#[test]
fn the_frame_is_not_memory_of_the_module() {
    // mov [rsp+8],rax; mov rax,[rsp+8]
    let code = [0x48, 0x89, 0x44, 0x24, 8, 0x48, 0x8b, 0x44, 0x24, 8];
    assert_eq!(found(&code), [("instructions", 2), ("frame loads", 1), ("frame stores", 1)]);
    // mov eax,[rbp-4] without a frame pointer
    assert_eq!(found(&[0x8b, 0x45, 0xfc]), [("instructions", 1), ("loads", 1)]);
    // push rbp; mov rbp,rsp; mov eax,[rbp-4]; pop rbp; ret
    let code = [0x55, 0x48, 0x89, 0xe5, 0x8b, 0x45, 0xfc, 0x5d, 0xc3];
    let expected = [("instructions", 5), ("frame loads", 1), ("pushes and pops", 2), ("register moves", 1)];
    assert_eq!(found(&code), expected);
}

#[test]
fn prefixes_and_needless_ones() {
    let of = |bytes: &[u8]| (counted(bytes).get(Measure::Prefixes), counted(bytes).get(Measure::NeedlessRex));
    assert_eq!(of(&[0x89, 0xf0]), (0, 0), "mov eax,esi");
    assert_eq!(of(&[0x40, 0x89, 0xf0]), (1, 1), "rex mov eax,esi, the example of the source");
    assert_eq!(of(&[0x48, 0x89, 0xf0]), (1, 0), "mov rax,rsi");
    assert_eq!(of(&[0x40, 0x0f, 0xb6, 0xc6]), (1, 0), "movzx eax,sil");
    assert_eq!(of(&[0x40, 0x0f, 0xb6, 0xc0]), (1, 1), "movzx eax,al");
    assert_eq!(of(&[0x66, 0x41, 0x89, 0xf0]), (2, 0), "mov r8w,si");
    assert_eq!(of(&[0xc5, 0xf8, 0x58, 0xc1]), (2, 0), "vaddps xmm0,xmm0,xmm1");
    assert_eq!(of(&[0xc4, 0xe2, 0x71, 0xb8, 0xc2]), (3, 0), "vfmadd231ps");
}

#[test]
fn jumps_calls_and_conditions() {
    // test eax,eax; sete al; je +0; jmp +0; call +0; call rax; ret
    let code = [0x85, 0xc0, 0x0f, 0x94, 0xc0, 0x74, 0, 0xeb, 0, 0xe8, 0, 0, 0, 0, 0xff, 0xd0, 0xc3];
    let expected =
        [("instructions", 7), ("jumps", 2), ("conditional jumps", 1), ("set on condition", 1), ("calls", 2)];
    assert_eq!(found(&code), expected);
}

#[test]
fn bounds_checks_lead_to_a_trap() {
    // cmp rax,rcx; ja 8; mov eax,[rax]; ret; ud2
    let to_trap = [0x48, 0x39, 0xc8, 0x77, 3, 0x8b, 0x00, 0xc3, 0x0f, 0x0b];
    assert_eq!(counted(&to_trap).get(Measure::BoundsChecks), 1);
    // cmp rax,rcx; jbe 7; ud2; mov eax,[rax]; ret
    let around = [0x48, 0x39, 0xc8, 0x76, 2, 0x0f, 0x0b, 0x8b, 0x00, 0xc3];
    assert_eq!(counted(&around).get(Measure::BoundsChecks), 1);
    // A division's check of zero: test ecx,ecx; je 6; idiv ecx; ud2
    let zero = [0x85, 0xc9, 0x74, 2, 0xf7, 0xf9, 0x0f, 0x0b];
    assert_eq!(counted(&zero).get(Measure::BoundsChecks), 0);
    // A loop's condition: cmp eax,ecx; jb 0; ret
    assert_eq!(counted(&[0x39, 0xc8, 0x72, 0xfc, 0xc3]).get(Measure::BoundsChecks), 0);
    // A signed comparison: cmp rax,rcx; jg 6; ret; ud2
    assert_eq!(counted(&[0x48, 0x39, 0xc8, 0x7f, 1, 0xc3, 0x0f, 0x0b]).get(Measure::BoundsChecks), 0);
    // The stack: cmp r10,rsp; ja 6; ret; ud2
    let stack = counted(&[0x49, 0x39, 0xe2, 0x77, 1, 0xc3, 0x0f, 0x0b]);
    assert_eq!((stack.get(Measure::BoundsChecks), stack.get(Measure::StackChecks)), (0, 1));
}

#[test]
fn a_call_of_a_reporter_is_a_trap() {
    // cmp rax,rcx; jae 6; ret; call +0x100
    let code = [0x48, 0x39, 0xc8, 0x73, 1, 0xc3, 0xe8, 0, 1, 0, 0];
    let decoded = Decoded::new(0x1000, &code);
    let named = |name: &str| [(0x110b, name.to_owned())].into_iter().collect::<Names>();
    let bounds = |names: &Names| count(&decoded, names).get(Measure::BoundsChecks);
    assert_eq!(bounds(&named("core::panicking::panic_bounds_check")), 1);
    assert_eq!(bounds(&named("core::panicking::panic_const_add_overflow")), 0);
    assert_eq!(bounds(&Names::default()), 0);
}

#[test]
fn vectors_are_whole_registers() {
    let vector = |bytes: &[u8]| counted(bytes).get(Measure::Vector);
    assert_eq!(vector(&[0x0f, 0x58, 0xc1]), 1, "addps xmm0,xmm1");
    assert_eq!(vector(&[0xf2, 0x0f, 0x58, 0xc1]), 0, "addsd xmm0,xmm1");
    assert_eq!(vector(&[0xf2, 0x0f, 0x10, 0x07]), 0, "movsd xmm0,[rdi]");
    assert_eq!(vector(&[0x0f, 0x10, 0x07]), 1, "movups xmm0,[rdi]");
    assert_eq!(vector(&[0x0f, 0x57, 0xc0]), 0, "xorps xmm0,xmm0 clears");
    assert_eq!(vector(&[0x66, 0x0f, 0xfe, 0xc1]), 1, "paddd xmm0,xmm1");
}

#[test]
fn constants_behind_the_code_are_not_decoded() {
    // movsd xmm0,[rip+8]; ret; seven bytes of padding; a constant that would decode
    let mut code = vec![0xf2, 0x0f, 0x10, 0x05, 8, 0, 0, 0, 0xc3];
    code.extend([0; 7]);
    code.extend([0x8b, 0x07, 0x8b, 0x07, 0x8b, 0x07, 0x8b, 0x07]);
    let counts = counted(&code);
    assert_eq!(counts.get(Measure::Instructions), 2);
    assert_eq!((counts.get(Measure::Bytes), counts.get(Measure::OtherBytes)), (9, 15));
}

#[test]
fn jump_tables_are_stepped_over() {
    // lea rcx,[rip+7]; movsxd rax,[rcx+rax*4]; add rax,rcx; jmp rax: the table is behind it.
    let mut code = vec![0x48, 0x8d, 0x0d, 9, 0, 0, 0, 0x48, 0x63, 0x04, 0x81, 0x48, 0x01, 0xc8, 0xff, 0xe0];
    assert_eq!(code.len(), 16);
    code.extend(8_i32.to_le_bytes());
    code.extend(9_i32.to_le_bytes());
    code.extend([0xc3, 0xc3]);
    let counts = counted(&code);
    assert_eq!((counts.get(Measure::Instructions), counts.get(Measure::OtherBytes)), (6, 8));
}

#[test]
fn text_names_what_is_called_and_says_distances() {
    // call +0x100; je 0; mov eax,[rdi+rsi*4+8]
    let code = [0xe8, 0, 1, 0, 0, 0x74, 0xfb, 0x8b, 0x44, 0xb7, 8];
    let names: Names = [(0x1105, "callee".to_owned())].into_iter().collect();
    let text: Vec<_> = lines(&Decoded::new(0x1000, &code), &names).into_iter().map(|l| l.text).collect();
    assert_eq!(text, ["call callee", "je short +2", "mov eax,[rdi+rsi*4+8]"]);
}

proptest::proptest! {
    #[test]
    fn no_bytes_are_lost_and_none_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let counts = counted(&bytes);
        let sum = counts.get(Measure::Bytes) + counts.get(Measure::OtherBytes);
        proptest::prop_assert_eq!(sum, bytes.len() as u64);
        let decoded = Decoded::new(0x1000, &bytes);
        proptest::prop_assert_eq!(lines(&decoded, &Names::default()).len() as u64, counts.get(Measure::Instructions));
    }
}
