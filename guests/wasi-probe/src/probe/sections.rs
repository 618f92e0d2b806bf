//! The sections and their order.

mod args;
mod clock;
mod dirs;
mod escape;
mod files;
mod handles;
mod links;
mod listing;
mod planted;
mod pointers;
mod poll;
mod process;
mod random;
mod rename;
mod sockets;
mod stdio;
mod times;
mod values;

use super::report;
use super::words::{Bytes, SANDBOX};

/// A section that can be followed by others, and its name.
struct Section(&'static str, fn(&args::Strings));

/// What `all` runs, in this order.
const ALL: [Section; 14] = [
    Section("args", args::args),
    Section("env", |_| args::env()),
    Section("clock", |_| clock::clock()),
    Section("random", |_| random::random()),
    Section("stdio", |_| stdio::stdio()),
    Section("files", |_| files()),
    Section("dirs", |_| dirs()),
    Section("links", |_| links::links()),
    Section("escape", |_| escape::escape()),
    Section("times", |_| times::times()),
    Section("poll", |_| poll::poll()),
    Section("sockets", |_| sockets::sockets()),
    Section("values", |_| values::values()),
    Section("pointers", |_| pointers::pointers()),
];

/// Runs what the first argument asks for and gives the exit code.
pub(crate) fn run() -> u32 {
    let mut memory = args::Strings::new();
    let arguments = memory.arguments();
    let asked = arguments.get(1);
    match asked {
        b"all" => {
            for Section(name, run) in ALL {
                report::line(format_args!("## {name}"));
                run(arguments);
            }
        }
        b"planted" => planted::planted(),
        b"exit" => process::exit(arguments.get(2)),
        b"trap" => process::trap(),
        _ => {
            let Some(Section(_, run)) = ALL.iter().find(|section| section.0.as_bytes() == asked) else {
                report::error(format_args!(
                    "wasi-probe: no section {}; the first argument must be one of: {}",
                    Bytes(asked),
                    Words(&runoff_guest_wasi_probe::SECTIONS),
                ));
                return 2;
            };
            run(arguments);
        }
    }
    0
}

struct Words(&'static [&'static str]);

impl core::fmt::Display for Words {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (i, word) in self.0.iter().enumerate() {
            write!(f, "{}{word}", if i == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

fn files() {
    files::content();
    files::kinds_and_rights();
    handles::handles();
    left_nothing();
}

fn dirs() {
    dirs::make_and_remove();
    dirs::preopen();
    listing::listing();
    rename::rename();
    left_nothing();
}

/// Every section ends with the sandbox as empty as it found it.
fn left_nothing() {
    report::check("the sandbox is empty again", listing::count(SANDBOX) == Some(0));
}
