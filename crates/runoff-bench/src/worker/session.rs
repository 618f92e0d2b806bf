//! Sessions: the step-by-step part of the protocol, served from any runtime of the seam.
//!
//! This is the driver's side; `runoff_runtimes::driver` is the other one.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use runoff_runtime::{
    Artifact, Caller, Failure, HostFailure, HostFunc, HostState, Imports, Instance, Limits, Module, Runtime,
    RuntimeError, Value,
};
use runoff_runtimes::driver::{Request, Response, WireImport, WireValue};

/// The two streams, shared with host functions: they speak while a call is under way.
pub(super) struct Line {
    input: Box<dyn BufRead + Send>,
    output: Box<dyn Write + Send>,
}

impl Line {
    pub(super) fn new(input: impl BufRead + Send + 'static, output: impl Write + Send + 'static) -> Self {
        Self { input: Box::new(input), output: Box::new(output) }
    }

    /// The next line; `None` at the end of the input.
    pub(super) fn read(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        Ok((self.input.read_line(&mut line)? > 0).then_some(line))
    }

    pub(super) fn write(&mut self, message: &impl serde::Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        self.output.write_all(&line)?;
        self.output.flush()
    }
}

pub(super) type SharedLine = Arc<Mutex<Line>>;

/// Everything a session holds.
pub(super) struct Session<'a> {
    runtime: &'a dyn Runtime,
    line: SharedLine,
    // Instances go before the modules they came from.
    instances: BTreeMap<u32, (Box<dyn Instance>, PathBuf)>,
    modules: BTreeMap<u32, Box<dyn Module>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(runtime: &'a dyn Runtime, line: SharedLine) -> Self {
        Self { runtime, line, instances: BTreeMap::new(), modules: BTreeMap::new() }
    }

    /// Answers one request.
    pub(super) fn answer(&mut self, request: Request) -> Response {
        self.attempt(request).unwrap_or_else(|response| response)
    }

    fn attempt(&mut self, request: Request) -> Result<Response, Response> {
        match request {
            Request::Compile { module, path } => {
                let wasm = read(&path)?;
                self.modules.insert(module, self.runtime.compile(&wasm).map_err(refusal)?);
            }
            Request::Save { module, path } => {
                let artifact = self.module(module)?.save().map_err(refusal)?;
                std::fs::write(&path, artifact.as_bytes()).map_err(|e| refused(format!("{path}: {e}")))?;
            }
            Request::Load { module, path } => {
                let artifact = Artifact::from_bytes(read(&path)?).map_err(|e| refused(e.to_string()))?;
                self.modules.insert(module, self.runtime.load(&artifact).map_err(refusal)?);
            }
            Request::Instantiate { module, instance, imports, memory } => {
                let memory = PathBuf::from(memory);
                let imports = self.imports(instance, imports, &memory);
                let module = self.module(module)?;
                let made = module.instantiate(&imports, HostState::new(), &Limits::default());
                self.instances.insert(instance, (made.map_err(refusal)?, memory));
            }
            Request::Invoke { instance, export, args, .. } => return self.invoke(instance, &export, &args),
            Request::Global { instance, export, .. } => {
                let (instance, _) = self.instance(instance)?;
                let value = instance.global(&export);
                let value = value.ok_or_else(|| unsupported(format!("no readable global `{export}`")))?;
                return Ok(Response::Values { values: vec![value.into()] });
            }
            Request::ReadMemory { instance } => {
                let (instance, file) = self.instance(instance)?;
                let bytes = share(instance.memory(), file)?;
                return Ok(Response::Memory { bytes });
            }
            Request::WriteMemory { instance } => {
                let (instance, file) = self.instance(instance)?;
                if let Some(memory) = instance.memory() {
                    take_back(memory, file).map_err(refused)?;
                }
            }
            Request::DropInstance { instance } => drop(self.instances.remove(&instance)),
            Request::DropModule { module } => drop(self.modules.remove(&module)),
            Request::HostReturn { .. } | Request::HostFail { .. } => {
                return Err(refused("no host call is under way".into()));
            }
        }
        Ok(Response::Done)
    }

    fn module(&self, number: u32) -> Result<&dyn Module, Response> {
        self.modules.get(&number).map(AsRef::as_ref).ok_or_else(|| refused(format!("no module {number}")))
    }

    fn instance(&mut self, number: u32) -> Result<(&mut dyn Instance, &Path), Response> {
        match self.instances.get_mut(&number) {
            Some((instance, file)) => Ok((instance.as_mut(), file.as_path())),
            None => Err(refused(format!("no instance {number}"))),
        }
    }

    fn invoke(&mut self, number: u32, export: &str, args: &[WireValue]) -> Result<Response, Response> {
        let args = args.iter().map(WireValue::value).collect::<Result<Vec<_>, _>>().map_err(refused)?;
        let (instance, _) = self.instance(number)?;
        let func = instance.lookup(export).ok_or_else(|| refused(format!("no function `{export}`")))?;
        let ty = instance.func_type(func).ok_or_else(|| unsupported(format!("`{export}` has no type")))?;
        let mut results: Vec<_> = ty.results.iter().map(|t| Value::default_of(*t)).collect();
        match instance.call(func, &args, &mut results) {
            Ok(()) => Ok(Response::Values { values: results.into_iter().map(Into::into).collect() }),
            Err(failure) => Ok(Response::Failure { failure }),
        }
    }

    fn imports(&self, instance: u32, wanted: Vec<WireImport>, file: &Path) -> Imports {
        let mut imports = Imports::new();
        for (place, import) in wanted.into_iter().enumerate() {
            let (line, file) = (Arc::clone(&self.line), file.to_owned());
            let func = HostFunc::new(import.ty, move |caller, args, results| {
                let call = Call { instance, import: place as u32, file: &file };
                call.pass_on(&line, caller, args, results)
            });
            imports.define(import.module, import.name, func);
        }
        imports
    }
}

/// A host call on its way to the other side.
struct Call<'a> {
    instance: u32,
    import: u32,
    file: &'a Path,
}

impl Call<'_> {
    fn pass_on(
        &self,
        line: &SharedLine,
        caller: &mut Caller<'_>,
        args: &[Value],
        results: &mut [Value],
    ) -> Result<(), HostFailure> {
        let failed = |words: String| HostFailure::Failed(words);
        let has_memory = !caller.memory.is_empty();
        let bytes = share(has_memory.then_some(&mut *caller.memory), self.file)
            .map_err(|_| failed("cannot write the memory file".into()))?;
        let args = args.iter().map(|v| WireValue::from(*v)).collect();
        let call = Response::HostCall { instance: self.instance, import: self.import, args, bytes };
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        line.write(&call).map_err(|e| failed(e.to_string()))?;
        let answer = line.read().map_err(|e| failed(e.to_string()))?;
        let answer = answer.ok_or_else(|| failed("the other side is gone".into()))?;
        match serde_json::from_str(&answer) {
            Ok(Request::HostReturn { results: values, memory_changed }) => {
                if memory_changed {
                    take_back(caller.memory, self.file).map_err(failed)?;
                }
                for (result, value) in results.iter_mut().zip(&values) {
                    *result = value.value().map_err(failed)?;
                }
                Ok(())
            }
            Ok(Request::HostFail { failure: Failure::Exit(code) }) => Err(HostFailure::Exit(code)),
            Ok(Request::HostFail { failure: Failure::Host(words) }) => Err(failed(words)),
            Ok(Request::HostFail { failure }) => Err(failed(failure.to_string())),
            _ => Err(failed("a host call was not answered with its result".into())),
        }
    }
}

fn share(memory: Option<&mut [u8]>, file: &Path) -> Result<Option<u64>, Response> {
    let Some(memory) = memory else { return Ok(None) };
    std::fs::write(file, &*memory).map_err(|e| refused(format!("{}: {e}", file.display())))?;
    Ok(Some(memory.len() as u64))
}

fn take_back(memory: &mut [u8], file: &Path) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
    if bytes.len() != memory.len() {
        return Err(format!("{} is not as long as the memory", file.display()));
    }
    memory.copy_from_slice(&bytes);
    Ok(())
}

fn read(path: &str) -> Result<Vec<u8>, Response> {
    std::fs::read(path).map_err(|e| refused(format!("{path}: {e}")))
}

fn refused(reason: String) -> Response {
    Response::Refused { reason }
}

fn unsupported(reason: String) -> Response {
    Response::Unsupported { reason }
}

fn refusal(error: RuntimeError) -> Response {
    match error {
        RuntimeError::Unsupported(reason) => Response::Unsupported { reason },
        RuntimeError::Start(failure) => Response::Failure { failure },
        other => Response::Refused { reason: other.to_string() },
    }
}
