//! Workers under Valgrind's Callgrind, whose counts they ask for themselves (`worker::count`).

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::version::version_line;
use super::worker::Launch;

/// Simulated caches: size, ways, bytes per line. Fixed, so that counts of two machines can be compared; common sizes
/// of a core's first levels and its share of a last one.
const CACHES: [&str; 3] = ["--I1=32768,8,64", "--D1=32768,8,64", "--LL=8388608,16,64"];

/// How glibc's allocator grows and shrinks: in steps no guest reaches. By default a heap grows page by page, and whether a
/// block can grow where it is depends on what happened in the process before – up to 0.3 % of a native program's
/// instructions that differ from run to run. Harmless with another C library.
const ALLOCATOR: (&str, &str) = (
    "GLIBC_TUNABLES",
    "glibc.malloc.top_pad=33554432:glibc.malloc.trim_threshold=1073741824:glibc.malloc.mmap_threshold=4194304",
);

/// Valgrind as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Valgrind {
    program: PathBuf,
    version: String,
}

impl Valgrind {
    /// Looks for it: the variable `RUNOFF_VALGRIND`, else `valgrind` on the path. An error says how to get it.
    pub fn find() -> Result<Self, String> {
        if !runoff_runtimes::valgrind::KNOWN {
            return Err(format!(
                "Runoff does not know how to speak to Valgrind on {}",
                std::env::consts::ARCH
            ));
        }
        let program = std::env::var_os("RUNOFF_VALGRIND").map_or_else(|| "valgrind".into(), PathBuf::from);
        let asked = Launch { program, args: vec!["--version".into()], ..Launch::default() };
        match version_line(&asked, Duration::from_secs(10)) {
            Ok(version) => Ok(Self { program: asked.program, version }),
            Err(reason) => Err(format!(
                "Valgrind does not start ({reason}); install it, for example with `apt install valgrind`"
            )),
        }
    }

    /// Its own words: `valgrind-3.19.0`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The same worker under Callgrind, which writes its counts to `dumps` with a number behind.
    pub fn around(&self, launch: &Launch, dumps: &Path) -> Launch {
        let fixed = [
            "--tool=callgrind",
            "--quiet",
            // Nothing is simulated until the worker asks for it: compiling is fast and not counted.
            "--instr-atstart=no",
            "--cache-sim=yes",
            "--branch-sim=yes",
            // Code that was made or changed while running is seen; code from files does not change.
            "--smc-check=all-non-file",
            // What cannot be simulated is in our row; its bytes on standard error would hide the last words.
            "--sigill-diagnostics=no",
            "--dump-line=no",
        ];
        let mut args: Vec<String> = fixed.iter().chain(&CACHES).map(|&a| a.to_owned()).collect();
        args.push(format!("--callgrind-out-file={}", escaped(dumps)));
        args.push("--".into());
        args.push(launch.program.display().to_string());
        args.extend(launch.args.iter().cloned());
        let mut env = launch.env.clone();
        let (name, value) = ALLOCATOR;
        env.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        Launch { program: self.program.clone(), args, env, ..launch.clone() }
    }
}

/// Valgrind expands `%p` and the like in names of files.
fn escaped(path: &Path) -> String {
    path.display().to_string().replace('%', "%%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_follows_the_options() {
        let valgrind = Valgrind { program: "vg".into(), version: "valgrind-3".into() };
        let env = [("A".to_owned(), "b".to_owned())].into();
        let plain = Launch { program: "me".into(), args: vec!["worker".into()], env, ..Launch::default() };
        let under = valgrind.around(&plain, Path::new("/a/50%/x"));
        assert_eq!(under.program, PathBuf::from("vg"));
        assert_eq!(under.env["A"], "b");
        assert!(under.env[ALLOCATOR.0].contains("top_pad"), "{:?}", under.env);
        assert_eq!(under.args[under.args.len() - 3..], ["--", "me", "worker"]);
        assert!(under.args.contains(&"--callgrind-out-file=/a/50%%/x".to_owned()));
    }
}
