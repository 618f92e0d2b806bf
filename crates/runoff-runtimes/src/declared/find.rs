//! Where programs and drivers are.

use std::path::{Path, PathBuf};

/// Where declared runtimes look for their files.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The folder of drivers that come with Runoff, where there is one.
    pub drivers: Option<PathBuf>,
}

impl Places {
    /// Placeholder for [`Places::drivers`].
    pub(super) const DRIVERS: &str = "{drivers}";

    /// Text with the placeholder filled in.
    pub(super) fn fill(&self, text: &str) -> String {
        let drivers = self.drivers.as_deref().unwrap_or(Path::new("drivers"));
        text.replace(Self::DRIVERS, &drivers.display().to_string())
    }

    /// What is missing where an argument names a file of ours that is not there. What brings the program does not
    /// bring it.
    pub(super) fn gone(&self, args: &[String]) -> Option<String> {
        let ours = args.iter().filter(|arg| arg.contains(Self::DRIVERS)).map(|arg| self.fill(arg));
        let mut missing = ours.filter(|path| !Path::new(path).exists());
        missing.next().map(|path| format!("there is no file {path}"))
    }

    /// An executable by path, or by name from `PATH`.
    pub(super) fn program(name: &Path) -> Option<PathBuf> {
        if name.components().count() > 1 {
            return executable(name).then(|| name.to_owned());
        }
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| executable(file))
    }
}

fn executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}
