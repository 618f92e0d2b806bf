//! A sandbox on disk beside a folder that must stay as it is.

use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use runoff_wasi::WasiConfig;
use tempfile::TempDir;

use super::Guest;

/// Content of the canary, and a name beside it: neither may ever reach a guest's memory.
pub(crate) const SECRETS: [&str; 2] = ["what-no-guest-may-read", "name-no-guest-may-learn"];
/// Name of the file that must not be touched; guests try to name it.
pub(crate) const CANARY: &str = "canary-outside-the-sandbox";

/// Links out of the sandbox, with a relative target each: one step, several, over a directory inside, over
/// another link.
pub(crate) const LINKS_OUT: [(&str, &str); 7] = [
    ("to-canary", "../outside/canary-outside-the-sandbox"),
    ("to-outside", "../outside"),
    ("to-parent", ".."),
    ("chained", "to-outside/canary-outside-the-sandbox"),
    ("chained-dir", "dir/up"),
    ("roundabout", "dir/../../outside"),
    ("dir/up", "../../outside"),
];

/// Links out with an absolute target: only the host can make those.
pub(crate) const ABSOLUTE_LINKS: [&str; 2] = ["absolute-file", "absolute-dir"];

pub(crate) struct World {
    _folder: TempDir,
    pub(crate) inside: PathBuf,
    pub(crate) outside: PathBuf,
    before: Vec<Seen>,
}

/// Everything that would show that somebody was there.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    path: PathBuf,
    mode: u32,
    inode: u64,
    links: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    /// Of files only: listing a directory, as this test does, is an access to it.
    accessed: Option<(i64, i64)>,
    content: Vec<u8>,
}

impl World {
    /// `inside` with a file and directories, `outside` with the canary.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Far below the temporary folder: whatever leaves the sandbox upwards is still in it.
        let base = folder.path().join("1/2/3/4/5/6/7/8");
        let (inside, outside) = (base.join("inside"), base.join("outside"));
        fs::create_dir_all(inside.join("dir/deep")).expect("a folder");
        fs::create_dir_all(outside.join("empty")).expect("a folder");
        fs::write(inside.join("file"), "content").expect("a file");
        let [content, name] = SECRETS;
        fs::write(outside.join(CANARY), content).expect("a file");
        fs::write(outside.join(name), "").expect("a file");
        // With an old time of access the system notes the next reading.
        let old = FileTimes::new().set_accessed(UNIX_EPOCH + Duration::from_secs(1_000_000_000));
        File::options()
            .write(true)
            .open(outside.join(CANARY))
            .and_then(|file| file.set_times(old))
            .expect("a time");
        let before = snapshot(&outside);
        Self { _folder: folder, inside, outside, before }
    }

    /// With every kind of link out of the sandbox planted by the host.
    pub(crate) fn with_links() -> Self {
        let world = Self::new();
        for (link, target) in LINKS_OUT {
            symlink(target, world.inside.join(link)).expect("a link");
        }
        let [file, dir] = ABSOLUTE_LINKS;
        symlink(world.outside.join(CANARY), world.inside.join(file)).expect("a link");
        symlink(&world.outside, world.inside.join(dir)).expect("a link");
        world
    }

    pub(crate) fn config(&self) -> WasiConfig {
        WasiConfig::new().preopen(&self.inside, "/")
    }

    pub(crate) fn guest(&self) -> Guest {
        Guest::new(&self.config())
    }

    /// Whether this process has anything open outside the sandbox.
    pub(crate) fn is_open_outside(&self) -> bool {
        let base = self.inside.join("..").canonicalize().expect("the folder");
        let inside = base.join("inside");
        let entries = fs::read_dir("/proc/self/fd").expect("open files");
        // What is gone by now was another test's.
        let mut targets = entries.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
        targets.any(|target| target.starts_with(&base) && !target.starts_with(&inside))
    }

    /// Fails unless everything outside is as it was and nothing of it is in the guest's memory.
    pub(crate) fn check(&self, guest: &Guest, after: &str) {
        assert!(!self.is_open_outside(), "{after} opened something outside");
        assert_eq!(snapshot(&self.outside), self.before, "{after} changed or read something outside");
        assert!(!knows_a_secret(guest), "{after} read something outside");
        let beside = fs::read_dir(self.outside.join("..")).expect("the folder").count();
        assert_eq!(beside, 2, "{after} put something beside the sandbox");
    }
}

/// Whether something from outside is in a guest's memory.
pub(crate) fn knows_a_secret(guest: &Guest) -> bool {
    SECRETS.iter().any(|secret| {
        let secret = secret.as_bytes();
        // Memory is mostly zeros: looking for the first byte is quick.
        let starts = guest.memory.iter().enumerate().filter(|(_, byte)| **byte == secret[0]);
        starts.into_iter().any(|(at, _)| guest.memory[at..].starts_with(secret))
    })
}

fn snapshot(folder: &Path) -> Vec<Seen> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        let meta = fs::symlink_metadata(&path).expect("metadata");
        let mut content = Vec::new();
        if meta.is_dir() {
            open.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if meta.is_file() {
            let mut options = OpenOptions::new();
            options.read(true).custom_flags(nix::fcntl::OFlag::O_NOATIME.bits());
            options.open(&path).and_then(|mut file| file.read_to_end(&mut content)).expect("a file");
        }
        found.push(Seen {
            mode: meta.mode(),
            inode: meta.ino(),
            links: meta.nlink(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
            accessed: meta.is_file().then(|| (meta.atime(), meta.atime_nsec())),
            content,
            path,
        });
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}
