//! Twins of the phase samples.

use runoff_runtimes::native::{TwinBody, TwinFunc, TwinIo};

use super::Named;

pub(super) const TWINS: &[Named] = &[
    ("add-one", TwinBody::Exports(add_one)),
    ("fibonacci", TwinBody::Exports(fibonacci)),
    ("nbody", TwinBody::Exports(nbody)),
    ("fibo", TwinBody::Command(fibo)),
];

fn pure(run: fn(u32) -> u32) -> Vec<(&'static str, TwinFunc)> {
    vec![("run", TwinFunc::I32I32(Box::new(move |n| run(n.cast_unsigned()).cast_signed())))]
}

fn add_one() -> Vec<(&'static str, TwinFunc)> {
    pure(runoff_guest_add_one::run)
}

fn fibonacci() -> Vec<(&'static str, TwinFunc)> {
    pure(runoff_guest_fibonacci::run)
}

fn nbody() -> Vec<(&'static str, TwinFunc)> {
    use std::{cell::RefCell, rc::Rc};
    // One state behind both exports, as in the module.
    let state = Rc::new(RefCell::new(runoff_guest_nbody::NBody::new()));
    let shared = Rc::clone(&state);
    vec![
        ("run", TwinFunc::I32I32(Box::new(move |n| state.borrow_mut().run(n.cast_unsigned()).cast_signed()))),
        ("energy", TwinFunc::UnitF64(Box::new(move || shared.borrow().energy()))),
    ]
}

fn fibo(args: &[String], io: &mut TwinIo<'_>) -> i32 {
    let args: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    let (mut out, mut err) = (String::new(), String::new());
    let code = runoff_guest_fibo::main_with(&args, &mut out, &mut err);
    if io.stdout(out.as_bytes()) && io.stderr(err.as_bytes()) { code } else { 1 }
}
