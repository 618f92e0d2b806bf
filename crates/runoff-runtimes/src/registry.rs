//! The list of runtimes this build knows.

use runoff_runtime::{Runtime, RuntimeError, RuntimeId, RuntimeOptions};

use crate::declared::{Places, Template};
use crate::driver::DriverCommand;
use crate::native::{NativeRuntime, Twin};

/// Whether a runtime can be used now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// It can.
    Ready,
    /// It cannot; what would bring it.
    Absent {
        /// One or two commands, or the reason there are none.
        how: String,
    },
}

type Factory = Box<dyn Fn(&RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> + Send + Sync>;

/// How a runtime is reached.
#[derive(Clone, Debug)]
pub enum Reach {
    /// It is linked into this program.
    Linked,
    /// It is a program that speaks the driver protocol.
    Driver(DriverCommand),
    /// It is a command line, timed as a whole process and nothing else.
    CommandLine(Box<(Template, Places)>),
}

/// One runtime of the registry.
pub struct Entry {
    id: RuntimeId,
    summary: String,
    availability: Availability,
    reach: Reach,
    factory: Factory,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("id", &self.id)
            .field("availability", &self.availability)
            .finish_non_exhaustive()
    }
}

impl Entry {
    /// A runtime from its id, a few words, and how it is made.
    pub fn new(
        id: impl Into<String>,
        summary: impl Into<String>,
        availability: Availability,
        factory: impl Fn(&RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> + Send + Sync + 'static,
    ) -> Self {
        let (id, summary) = (RuntimeId::new(id), summary.into());
        Self { id, summary, availability, reach: Reach::Linked, factory: Box::new(factory) }
    }

    /// A runtime behind a driver.
    pub fn driver(id: String, summary: String, availability: Availability, command: DriverCommand) -> Self {
        let factory = {
            let (command, absent) = (command.clone(), availability.clone());
            move |_: &RuntimeOptions| match &absent {
                Availability::Ready => crate::driver::make(&command, crate::driver::PROTOCOL_VERSION),
                Availability::Absent { how } => {
                    Err(RuntimeError::Unsupported(format!("it is absent: {how}")))
                }
            }
        };
        Self { reach: Reach::Driver(command), ..Self::new(id, summary, availability, factory) }
    }

    /// A runtime that is a command line.
    pub fn template(template: Template, availability: Availability, places: &Places) -> Self {
        let refuse = |_: &RuntimeOptions| {
            Err(RuntimeError::Unsupported("a command line can only be timed as a whole process".into()))
        };
        let (id, summary) = (template.id.clone(), template.summary.clone());
        let reach = Reach::CommandLine(Box::new((template, places.clone())));
        Self { reach, ..Self::new(id, summary, availability, refuse) }
    }

    /// How it is reached.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Its id.
    pub fn id(&self) -> &RuntimeId {
        &self.id
    }

    /// What it is, in a few words.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// Whether it can be used now.
    pub fn availability(&self) -> &Availability {
        &self.availability
    }

    /// Makes the runtime on the calling thread, which should be an engine thread
    /// ([`crate::on_engine_stack`]).
    pub fn make(&self, options: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
        (self.factory)(options)
    }
}

/// The runtimes this build knows, in a fixed order: native first, then by engine.
#[derive(Debug)]
pub struct Registry {
    entries: Vec<Entry>,
}

/// Adds an entry when its cargo feature is on, and an absent one otherwise.
macro_rules! engine {
    ($entries:ident, $feature:literal, $id:literal, $summary:literal, $factory:expr) => {
        #[cfg(feature = $feature)]
        $entries.push(Entry::new($id, $summary, Availability::Ready, $factory));
        #[cfg(not(feature = $feature))]
        $entries.push(absent($id, $summary, concat!("rebuild with `--features ", $feature, "`")));
    };
}

/// The same for an engine that usual builds are without; `how` is what brings it where that is more than its
/// feature.
macro_rules! optional {
    ($entries:ident, $feature:literal, $id:literal, $summary:literal, $factory:expr) => {
        optional!(
            $entries,
            $feature,
            $id,
            $summary,
            $factory,
            concat!("rebuild with `--features ", $feature, "`")
        );
    };
    ($entries:ident, $feature:literal, $id:literal, $summary:literal, $factory:expr, $how:expr) => {
        #[cfg(feature = $feature)]
        $entries.push(Entry::new($id, $summary, Availability::Ready, $factory));
        #[cfg(not(feature = $feature))]
        $entries.push(absent($id, $summary, $how));
    };
}

/// Wasmer's LLVM needs LLVM itself, in the version its crate was made for.
#[cfg(not(feature = "llvm"))]
const HOW_LLVM: &str = "`sudo apt-get install -y llvm-22-dev libpolly-22-dev libzstd-dev zlib1g-dev`, then \
    `LLVM_SYS_221_PREFIX=/usr/lib/llvm-22 cargo build --release --features llvm`";

impl Registry {
    /// The runtimes of this build; `twins` are what `native` can run.
    pub fn new(twins: &'static [Twin]) -> Self {
        let mut entries = vec![Entry::new(
            "native",
            "the same source compiled to machine code by rustc (workloads with a twin only)",
            Availability::Ready,
            move |_| Ok(Box::new(NativeRuntime::new(twins))),
        )];
        engine!(entries, "wasmtime", "wasmtime/cranelift", "optimising compiler", |o| {
            crate::wasmtime::make(crate::wasmtime::Variant::Cranelift, o)
        });
        engine!(entries, "wasmtime", "wasmtime/winch", "baseline compiler", |o| {
            crate::wasmtime::make(crate::wasmtime::Variant::Winch, o)
        });
        engine!(
            entries,
            "wasmtime",
            "wasmtime/pulley",
            "portable bytecode, compiled by Cranelift, interpreted",
            |o| { crate::wasmtime::make(crate::wasmtime::Variant::Pulley, o) }
        );
        engine!(entries, "wasmer-cranelift", "wasmer/cranelift", "optimising compiler", |o| {
            crate::wasmer::make(crate::wasmer::Variant::Cranelift, o)
        });
        optional!(
            entries,
            "llvm",
            "wasmer/llvm",
            "optimising compiler (LLVM)",
            |o| crate::wasmer::make(crate::wasmer::Variant::Llvm, o),
            HOW_LLVM
        );
        engine!(entries, "wasmer-singlepass", "wasmer/singlepass", "baseline compiler", |o| {
            crate::wasmer::make(crate::wasmer::Variant::Singlepass, o)
        });
        engine!(entries, "wasmi", "wasmi/eager", "register interpreter, translates everything first", |o| {
            crate::wasmi::make(crate::wasmi::Variant::Eager, o)
        });
        engine!(entries, "wasmi", "wasmi/lazy", "register interpreter, translates at first call", |o| {
            crate::wasmi::make(crate::wasmi::Variant::Lazy, o)
        });
        engine!(
            entries,
            "wasm3",
            "wasm3",
            "threaded interpreter, translates at first call",
            crate::wasm3::make
        );
        engine!(entries, "wamr", "wamr/fast-interp", "interpreter with a translated internal code", |o| {
            crate::wamr::make(&crate::wamr::Mode::FastInterp, o)
        });
        optional!(
            entries,
            "tinywasm",
            "tinywasm",
            "small interpreter in safe Rust, saves its code",
            crate::tinywasm::make
        );
        optional!(
            entries,
            "stitch",
            "stitch",
            "threaded interpreter, translates at first call",
            crate::stitch::make
        );
        optional!(
            entries,
            "toywasm",
            "toywasm",
            "interpreter of the module's own bytes",
            crate::toywasm::make
        );
        Self { entries }
    }

    /// Adds runtimes; one with a known id takes its place.
    pub fn extend(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            match self.entries.iter_mut().find(|e| e.id == entry.id) {
                Some(known) => *known = entry,
                None => self.entries.push(entry),
            }
        }
    }

    /// A registry of these runtimes only.
    pub fn of(entries: Vec<Entry>) -> Self {
        Self { entries }
    }

    /// All runtimes in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The runtime with this id.
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.id.as_str() == id)
    }
}

#[cfg_attr(
    all(
        feature = "wasmtime",
        feature = "wasmer-cranelift",
        feature = "wasmer-singlepass",
        feature = "llvm",
        feature = "wasmi",
        feature = "wasm3",
        feature = "wamr",
        feature = "tinywasm",
        feature = "stitch",
        feature = "toywasm"
    ),
    expect(dead_code, reason = "only builds without some engine have absent entries")
)]
fn absent(id: &'static str, summary: &'static str, how: &'static str) -> Entry {
    let reason = format!("this build was made without {id}; {how}");
    Entry::new(id, summary, Availability::Absent { how: how.into() }, move |_| {
        Err(RuntimeError::Unsupported(reason.clone()))
    })
}
