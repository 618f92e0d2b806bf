//! A host in a child process, for one measurement.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::run::App;

/// How long a host may take to stop before it is killed.
const GRACE: Duration = Duration::from_secs(20);

/// A host that listens. Ends when dropped.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
}

/// Which runtimes a host may use.
pub(super) enum Allowed<'a> {
    /// This one and no other.
    Only(&'a str),
    /// It chooses among these.
    Choice(&'a [String]),
}

impl Server {
    /// Serves these apps from a folder that holds the store, if there is one already.
    pub(super) fn start(
        program: &Path,
        folder: &Path,
        apps: &[&App],
        allowed: &Allowed<'_>,
    ) -> Result<Self, String> {
        let path = folder.join("runoff.toml");
        fs::write(&path, configuration(apps, allowed)).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut child = Command::new(program)
            .arg("serve")
            .arg(&path)
            .args(["--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| format!("{}: {e}", program.display()))?;
        let (Some(mut out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
            return Err("no pipes".into());
        };
        // Pipes nobody reads would stop it.
        thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        let mut err = BufReader::new(err);
        let mut address = None;
        let (mut line, mut said) = (String::new(), String::new());
        while address.is_none() && err.read_line(&mut line).is_ok_and(|n| n > 0) {
            let rest = line.split_once("listening at http://").map(|(_, rest)| rest.to_owned());
            address = rest.and_then(|r| r.split([',', ' ', '\n']).next()?.parse().ok());
            said += &line;
            line.clear();
        }
        let Some(address) = address else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("the host does not start: {}", said.trim()));
        };
        thread::spawn(move || std::io::copy(&mut err, &mut std::io::sink()));
        Ok(Self { child, address })
    }

    /// Ends it as users do, so that it keeps what it learned.
    pub(super) fn stop(mut self) -> Result<(), String> {
        let pid = Pid::from_raw(self.child.id().cast_signed());
        kill(pid, Signal::SIGTERM).map_err(|e| e.to_string())?;
        let end = Instant::now() + GRACE;
        while Instant::now() < end {
            if self.child.try_wait().map_err(|e| e.to_string())?.is_some() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(2));
        }
        Err("the host does not stop".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Its `runoff.toml`. Our own programs are trusted, so that every runtime the host knows may run them.
fn configuration(apps: &[&App], allowed: &Allowed<'_>) -> String {
    // A Rust string in quotes is a TOML string for the names and paths that occur here.
    let list = |names: &[String]| {
        format!("[{}]", names.iter().map(|n| format!("{n:?}")).collect::<Vec<_>>().join(", "))
    };
    let mut text = String::from("log = \"off\"\n");
    let runtimes = match allowed {
        Allowed::Only(one) => list(&[(*one).to_owned()]),
        Allowed::Choice(all) => list(all),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "runtimes = {runtimes}\n[store]\npath = \"store\"");
    for app in apps {
        let _ = writeln!(
            text,
            "[[function]]\nname = {0:?}\nroute = \"/{0}\"\nmodule = {1:?}\nabi = \"command\"\nargs = {2}\n\
             deadline = \"120s\"\nmemory = \"1GiB\"\ntrusted = true\nidempotent = true",
            app.name,
            app.module.display().to_string(),
            list(&app.args)
        );
    }
    text
}
