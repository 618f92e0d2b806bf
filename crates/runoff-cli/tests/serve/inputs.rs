//! Files that are not what they should be: modules and stores.

use std::fs::{self, File};

use crate::client::post;
use crate::server::Server;
use crate::{folder, guests};

const ECHO: &str = "[[function]]\nmodule = \"echo.wasm\"\n";

#[test]
fn what_is_no_module_is_refused_before_it_is_read() {
    let runoff = folder(&[("echo", guests::ECHO)], ECHO);
    // More than there is memory, and nothing of it on the disk.
    let huge = File::create(runoff.path("echo.wasm")).expect("a file");
    huge.set_len(1 << 40).expect("a length");
    let (code, _, err) = runoff.run(["serve", "--check"]);
    assert!(code != 0 && err.contains("`max-module`"), "{err}");
    fs::remove_file(runoff.path("echo.wasm")).expect("gone");
    nix::unistd::mkfifo(&runoff.path("echo.wasm"), nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    let (code, _, err) = runoff.run(["serve", "--check"]);
    assert!(code != 0 && err.contains("is no file"), "{err}");
}

#[test]
fn a_store_that_cannot_be_used_is_no_outage() {
    let runoff = folder(&[("echo", guests::ECHO)], &format!("[store]\npath = \"kept\"\n{ECHO}"));
    let serves = || {
        let server = Server::start(&runoff);
        assert_eq!(post(server.address, "/echo", b"x").text(), "x");
        server.stop();
    };
    serves();
    let profiles = runoff.path("kept/profiles.redb");
    let whole = fs::read(&profiles).expect("profiles");
    let mut noise = whole.clone();
    noise.iter_mut().skip(9).step_by(7).for_each(|b| *b ^= 0x55);
    for (what, bytes) in [
        ("empty", &whole[..0]),
        ("one byte", &whole[..1]),
        ("a head", &whole[..9]),
        ("a piece", &whole[..320]),
        ("text", &b"nothing that was ever a database, but as long as the beginning of one may be"[..]),
        ("noise", &noise[..]),
    ] {
        fs::write(&profiles, bytes).unwrap_or_else(|e| panic!("{what}: {e}"));
        serves();
    }
    fs::remove_dir_all(runoff.path("kept")).expect("gone");
    fs::write(runoff.path("kept"), "no folder").expect("written");
    serves();
}
