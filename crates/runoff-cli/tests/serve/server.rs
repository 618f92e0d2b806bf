//! `runoff serve` as a user runs it.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::common::Runoff;

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
    /// What it said before it listened.
    pub(crate) said: String,
    /// What it writes to standard output and, since it listens, to standard error.
    pipes: Option<(JoinHandle<String>, JoinHandle<String>)>,
}

impl Server {
    /// Serves `runoff.toml` of the working folder.
    pub(crate) fn start(runoff: &Runoff) -> Self {
        Self::with(runoff, &[])
    }

    pub(crate) fn with(runoff: &Runoff, more: &[&str]) -> Self {
        Self::of(Self::command(runoff, more))
    }

    /// How it is served.
    pub(crate) fn command(runoff: &Runoff, more: &[&str]) -> Command {
        let base = ["serve", "runoff.toml", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
        runoff.process(base.iter().chain(more))
    }

    /// Serves with a command line that comes to that.
    pub(crate) fn of(mut command: Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut err = BufReader::new(child.stderr.take().expect("a pipe"));
        let (mut said, mut address, mut admin) = (String::new(), None, None);
        while address.is_none() {
            let mut line = String::new();
            assert!(err.read_line(&mut line).expect("text") > 0, "it did not start: {said}");
            let find = |mark: &str| {
                line.split_once(mark).and_then(|(_, rest)| rest.split([',', '\n']).next()?.parse().ok())
            };
            admin = admin.or_else(|| find("admin API at http://"));
            address = find("listening at http://");
            said += &line;
        }
        // Pipes nobody reads would stop it.
        let read = |mut pipe: Box<dyn Read + Send>| {
            std::thread::spawn(move || {
                let mut text = Vec::new();
                let _ = pipe.read_to_end(&mut text);
                String::from_utf8_lossy(&text).into_owned()
            })
        };
        let pipes = Some((read(Box::new(out)), read(Box::new(err))));
        Self { child, address: address.expect("an address"), admin: admin.expect("an address"), said, pipes }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id() as i32), signal).expect("a signal");
    }

    /// Waits for its end; exit code and what it said on standard error.
    pub(crate) fn wait(self) -> (i32, String) {
        let (code, _, err) = self.wait_for_all();
        (code, err)
    }

    /// Waits for its end; exit code, standard output, and what it said on standard error since it listened.
    pub(crate) fn wait_for_all(mut self) -> (i32, String, String) {
        let (out, err) = self.pipes.take().expect("pipes");
        let end = Instant::now() + Duration::from_mins(1);
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                let text = |pipe: JoinHandle<String>| pipe.join().expect("text");
                return (status.code().unwrap_or(-1), text(out), text(err));
            }
            assert!(Instant::now() < end, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends it as users do; what it said on standard error.
    pub(crate) fn stop(self) -> String {
        self.signal(Signal::SIGTERM);
        let (code, err) = self.wait();
        assert_eq!(code, 0, "{err}");
        err
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory, bytes.
    pub(crate) fn resident(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/statm", self.child.id())).expect("statm");
        text.split(' ').nth(1).and_then(|p| p.parse::<u64>().ok()).expect("pages") * 4096
    }
}

/// The admin token of the default store.
pub(crate) fn token(runoff: &Runoff) -> String {
    std::fs::read_to_string(runoff.path("home/host/admin.token")).expect("a token").trim().to_owned()
}

impl Drop for Server {
    fn drop(&mut self) {
        // Of a test that failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
