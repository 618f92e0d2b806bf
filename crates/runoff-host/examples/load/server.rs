//! Servers in processes of their own, ended with whoever started them.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Seconds after which servers of this program end by themselves.
const MOST_SECONDS: u64 = 600;

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) admin: Option<SocketAddr>,
}

impl Server {
    /// The bare handler.
    pub(crate) fn bare() -> Self {
        Self::own("bare")
    }

    /// The bare socket.
    pub(crate) fn echo() -> Self {
        Self::own("echo")
    }

    fn own(what: &str) -> Self {
        let own = std::env::current_exe().expect("this program");
        let mut command = Command::new(own);
        command.args([what, &MOST_SECONDS.to_string()]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let out = child.stdout.take().expect("a pipe");
        Self::read(child, out)
    }

    /// `runoff serve` of a folder's `runoff.toml`.
    pub(crate) fn runoff(program: &Path, folder: &Path) -> Self {
        let mut command = Command::new(program);
        command.args(["serve", "runoff.toml", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
        command.current_dir(folder).env("RUNOFF_HOME", folder.join("home"));
        // It says where it listens on standard error; the access log is no part of the figures.
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let err = child.stderr.take().expect("a pipe");
        Self::read(child, err)
    }

    /// Waits until it says where it listens, then lets it say what it likes.
    fn read(child: Child, says: impl Read + Send + 'static) -> Self {
        let mut out = BufReader::new(says);
        let mut admin = None;
        let address = loop {
            let mut line = String::new();
            assert!(out.read_line(&mut line).expect("text") > 0, "it did not start");
            let find = |mark: &str| {
                line.split_once(mark).and_then(|(_, rest)| rest.split([',', '\n']).next()?.parse().ok())
            };
            admin = admin.or_else(|| find("admin API at http://"));
            if let Some(address) = find("listening at http://").or_else(|| line.trim().parse().ok()) {
                break address;
            }
        };
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        Self { child, address, admin }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
