//! The sections and their order.

mod args;
mod clock;
mod dirs;
mod escape;
mod files;
mod handles;
mod links;
mod listing;
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

/// Runs what the first argument asks for and gives the exit code.
pub(crate) fn run() -> u32 {
    let mut memory = args::Strings::new();
    let arguments = memory.arguments();
    let section = arguments.get(1);
    match section {
        b"all" => {
            const ALL: [(&str, fn(&args::Strings)); 14] = [
                ("args", args::args),
                ("env", |_| args::env()),
                ("clock", |_| clock::clock()),
                ("random", |_| random::random()),
                ("stdio", |_| stdio::stdio()),
                ("files", |_| files()),
                ("dirs", |_| dirs()),
                ("links", |_| links::links()),
                ("escape", |_| escape::escape()),
                ("times", |_| times::times()),
                ("poll", |_| poll::poll()),
                ("sockets", |_| sockets::sockets()),
                ("values", |_| values::values()),
                ("pointers", |_| pointers::pointers()),
            ];
            for (name, section) in ALL {
                report::line(format_args!("## {name}"));
                section(arguments);
            }
        }
        b"args" => args::args(arguments),
        b"env" => args::env(),
        b"clock" => clock::clock(),
        b"random" => random::random(),
        b"stdio" => stdio::stdio(),
        b"files" => files(),
        b"dirs" => dirs(),
        b"links" => links::links(),
        b"escape" => escape::escape(),
        b"times" => times::times(),
        b"poll" => poll::poll(),
        b"sockets" => sockets::sockets(),
        b"values" => values::values(),
        b"pointers" => pointers::pointers(),
        b"exit" => process::exit(arguments.get(2)),
        b"trap" => process::trap(),
        _ => {
            report::error(format_args!(
                "wasi-probe: no section {}; the first argument must be one of: {}",
                Bytes(section),
                Words(&runoff_guest_wasi_probe::SECTIONS),
            ));
            return 2;
        }
    }
    0
}

struct Words(&'static [&'static str]);

impl core::fmt::Display for Words {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.iter().try_for_each(|word| write!(f, "{word} "))
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
