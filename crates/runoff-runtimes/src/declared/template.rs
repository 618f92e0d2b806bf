//! Command lines of other tools, with holes for the module and its arguments.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Places;
use crate::Availability;

/// A tool that runs a module when its command line says so. It is timed as a whole process.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Id: `engine/variant`.
    pub id: String,
    /// What it is, in a few words.
    #[serde(default)]
    pub summary: String,
    /// Program, by name or path.
    pub program: String,
    /// Added to its environment.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Arguments that make it say its version.
    #[serde(default = "version")]
    pub version: Vec<String>,
    /// Arguments that run a WASI command. `{wasm}` is the module, or what `compile` made of it; `{args}` the guest's
    /// arguments; `{dirs}` and `{env}` as often as there are any, as `dir` and `var` say.
    pub run: Vec<String>,
    /// Arguments that call `{export}` with `{args}` and print its results.
    #[serde(default)]
    pub invoke: Option<Vec<String>>,
    /// What stands before results on their line.
    #[serde(default)]
    pub result_prefix: String,
    /// One preopened directory: `{host}`, `{guest}`.
    #[serde(default)]
    pub dir: Vec<String>,
    /// One variable of the guest's environment: `{key}`, `{value}`.
    #[serde(default)]
    pub var: Vec<String>,
    /// Program and arguments that compile `{wasm}` to `{artifact}` first, timed by itself.
    #[serde(default)]
    pub compile: Option<Vec<String>>,
    /// What brings it where it is absent.
    #[serde(default)]
    pub how: Option<String>,
}

fn version() -> Vec<String> {
    vec!["--version".into()]
}

/// What fills the holes.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Module file.
    pub wasm: PathBuf,
    /// Where compiled code goes.
    pub artifact: PathBuf,
    /// Export to call; `None` for a WASI command.
    pub invoke: Option<String>,
    /// Arguments.
    pub args: Vec<String>,
    /// Preopened directories, host → guest path.
    pub dirs: Vec<(String, String)>,
    /// Environment of the guest.
    pub env: BTreeMap<String, String>,
}

/// Command lines with nothing left to fill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// Program.
    pub program: PathBuf,
    /// Arguments of the compiling step, where there is one, after its program.
    pub compile: Option<(PathBuf, Vec<String>)>,
    /// Arguments.
    pub args: Vec<String>,
    /// Added to the environment.
    pub env: BTreeMap<String, String>,
    /// What stands before results on their line.
    pub result_prefix: String,
}

impl Template {
    pub(super) fn availability(&self, places: &Places) -> Availability {
        let compiler = self.compile.as_ref().and_then(|c| c.first());
        let needed = std::iter::once(&self.program).chain(compiler);
        match needed.map(|p| places.fill(p)).find(|p| Places::program(Path::new(p)).is_none()) {
            None => places.gone(&self.run).map_or(Availability::Ready, |how| Availability::Absent { how }),
            Some(program) => Availability::Absent {
                how: self.how.clone().unwrap_or_else(|| format!("there is no program `{program}` on PATH")),
            },
        }
    }

    /// The program as it was found.
    pub fn found(&self, places: &Places) -> PathBuf {
        let name = places.fill(&self.program);
        Places::program(Path::new(&name)).unwrap_or_else(|| name.into())
    }

    /// The command lines for one workload; an error is what the tool's cannot say.
    pub fn command(&self, given: &Given, places: &Places) -> Result<CommandLine, String> {
        let unsupported = |what: &str| format!("its command line {what}");
        let line = match (&given.invoke, &self.invoke) {
            (None, _) => &self.run,
            (Some(_), Some(invoke)) => invoke,
            (Some(_), None) => return Err(unsupported("calls no exports, only WASI commands")),
        };
        if !given.dirs.is_empty() && self.dir.is_empty() {
            return Err(unsupported("passes no directories"));
        }
        if !given.env.is_empty() && self.var.is_empty() {
            return Err(unsupported("passes no environment"));
        }
        let artifact = given.artifact.display().to_string();
        let wasm = given.wasm.display().to_string();
        let compile = self.compile.as_ref().and_then(|line| {
            let (program, args) = line.split_first()?;
            let name = places.fill(program);
            let program = Places::program(Path::new(&name)).unwrap_or_else(|| name.into());
            let fill = |arg: &String| arg.replace("{wasm}", &wasm).replace("{artifact}", &artifact);
            Some((program, args.iter().map(fill).collect()))
        });
        let module = if compile.is_some() { &artifact } else { &wasm };
        Ok(CommandLine {
            program: self.found(places),
            compile,
            args: line.iter().flat_map(|arg| self.expand(arg, module, given, places)).collect(),
            env: self.environment.clone(),
            result_prefix: self.result_prefix.clone(),
        })
    }

    fn expand(&self, arg: &str, module: &str, given: &Given, places: &Places) -> Vec<String> {
        let each = |parts: &[String], pairs: &mut dyn Iterator<Item = [(&str, &str); 2]>| -> Vec<String> {
            let mut out = Vec::new();
            for [(a, x), (b, y)] in pairs {
                out.extend(parts.iter().map(|part| part.replace(a, x).replace(b, y)));
            }
            out
        };
        match arg {
            "{args}" => given.args.clone(),
            "{dirs}" => {
                each(&self.dir, &mut given.dirs.iter().map(|(h, g)| [("{host}", h.as_str()), ("{guest}", g)]))
            }
            "{env}" => {
                each(&self.var, &mut given.env.iter().map(|(k, v)| [("{key}", k.as_str()), ("{value}", v)]))
            }
            _ => {
                let export = given.invoke.as_deref().unwrap_or_default();
                vec![places.fill(arg).replace("{wasm}", module).replace("{export}", export)]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        toml::from_str(text).expect("a template")
    }

    #[test]
    fn holes_are_filled_as_often_as_needed() {
        let t = template(
            r#"id = "t"
            program = "sh"
            run = ["run", "{dirs}", "{env}", "{wasm}", "--", "{args}"]
            dir = ["--dir", "{host}::{guest}"]
            var = ["--env={key}={value}"]"#,
        );
        let given = Given {
            wasm: "m.wasm".into(),
            args: vec!["a b".into(), "c".into()],
            dirs: vec![("/h".into(), "/g".into())],
            env: BTreeMap::from([("K".into(), "V".into())]),
            ..Given::default()
        };
        let line = t.command(&given, &Places::default()).expect("a line");
        assert_eq!(line.args, ["run", "--dir", "/h::/g", "--env=K=V", "m.wasm", "--", "a b", "c"]);
        let exported = Given { invoke: Some("f".into()), ..given };
        let refused = t.command(&exported, &Places::default()).expect_err("no `invoke`");
        assert_eq!(refused, "its command line calls no exports, only WASI commands");
    }

    #[test]
    fn a_compiling_step_hands_its_artifact_on() {
        let t = template(
            r#"id = "t"
            program = "sh"
            compile = ["cc", "-o", "{artifact}", "{wasm}"]
            run = ["{wasm}"]"#,
        );
        let given = Given { wasm: "m.wasm".into(), artifact: "m.bin".into(), ..Given::default() };
        let line = t.command(&given, &Places::default()).expect("a line");
        assert_eq!(line.compile.map(|c| c.1), Some(vec!["-o".into(), "m.bin".into(), "m.wasm".into()]));
        assert_eq!(line.args, ["m.bin"]);
    }
}
