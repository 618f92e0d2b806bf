//! The list of runtimes this build knows.

use runoff_runtime::{Runtime, RuntimeError, RuntimeId, RuntimeOptions};

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

/// One runtime of the registry.
pub struct Entry {
    id: RuntimeId,
    summary: String,
    availability: Availability,
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
        Self { id: RuntimeId::new(id), summary: summary.into(), availability, factory: Box::new(factory) }
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
        $entries.push(absent($id, $summary, $feature));
    };
}

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
        Self { entries }
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
        feature = "wasmi",
        feature = "wasm3",
        feature = "wamr"
    ),
    expect(dead_code, reason = "only builds without some engine have absent entries")
)]
fn absent(id: &'static str, summary: &'static str, feature: &'static str) -> Entry {
    let how = format!("rebuild with `--features {feature}`");
    let reason = format!("this build was made without {id}; {how}");
    Entry::new(id, summary, Availability::Absent { how }, move |_| {
        Err(RuntimeError::Unsupported(reason.clone()))
    })
}
