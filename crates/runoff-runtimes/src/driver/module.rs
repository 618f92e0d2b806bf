//! Code a driver holds.

use std::cell::RefCell;
use std::rc::Rc;

use runoff_runtime::{
    Artifact, ArtifactKey, ExportType, HostState, ImportType, Imports, Instance, Limits, Module, RuntimeError,
};

use sha2::{Digest, Sha256};

use super::instance::{DriverInstance, Host};
use super::messages::{Request, Response, WireImport};
use super::pipe::Pipe;
use super::reveal::with_memory;
use super::runtime::{join, unexpected};
use crate::caps;
use crate::checked::Checked;
use crate::support::resolve;

pub(super) struct DriverModule {
    pipe: Rc<RefCell<Pipe>>,
    checked: Rc<Checked>,
    key: ArtifactKey,
    number: u32,
    /// Export that is the start function: it is called like any other, for a driver may not reach the memory of an
    /// instance that is still being made.
    start: Option<String>,
}

impl DriverModule {
    pub(super) fn compile(
        pipe: Rc<RefCell<Pipe>>,
        checked: Rc<Checked>,
        key: ArtifactKey,
    ) -> Result<Self, RuntimeError> {
        let (bytes, start) = prepared(&checked)?;
        let number = compile(&mut pipe.borrow_mut(), &bytes)?;
        Ok(Self { pipe, checked, key, number, start })
    }

    /// Compiled code that was loaded under this number.
    pub(super) fn loaded(
        pipe: Rc<RefCell<Pipe>>,
        checked: Rc<Checked>,
        key: ArtifactKey,
        number: u32,
    ) -> Result<Self, RuntimeError> {
        let (_, start) = prepared(&checked)?;
        Ok(Self { pipe, checked, key, number, start })
    }
}

/// The bytes a driver gets: the memory and the start function are exports, the rest is as it was.
fn prepared(checked: &Checked) -> Result<(Rc<Vec<u8>>, Option<String>), RuntimeError> {
    match caps::startless(checked)? {
        Some((bytes, start)) => Ok((with_memory(&checked.with_bytes(bytes))?, Some(start))),
        None => Ok((with_memory(checked)?, None)),
    }
}

fn compile(pipe: &mut Pipe, wasm: &[u8]) -> Result<u32, RuntimeError> {
    let number = pipe.number();
    let path = pipe.file(number);
    std::fs::write(&path, wasm).map_err(|e| RuntimeError::Io(e.to_string()))?;
    match pipe.ask(&Request::Compile { module: number, path: path.display().to_string() })? {
        Response::Done => Ok(number),
        other => Err(unexpected(other)),
    }
}

impl Drop for DriverModule {
    fn drop(&mut self) {
        // A driver that is gone has forgotten it already.
        let _ = self.pipe.borrow_mut().ask(&Request::DropModule { module: self.number });
    }
}

impl Module for DriverModule {
    fn imports(&self) -> Vec<ImportType> {
        self.checked.descriptor.imports.clone()
    }

    fn exports(&self) -> Vec<ExportType> {
        self.checked.descriptor.exports.clone()
    }

    fn save(&self) -> Result<Artifact, RuntimeError> {
        let mut pipe = self.pipe.borrow_mut();
        let number = pipe.number();
        let path = pipe.file(number);
        match pipe.ask(&Request::Save { module: self.number, path: path.display().to_string() })? {
            Response::Done => {}
            other => return Err(unexpected(other)),
        }
        let code = std::fs::read(&path).map_err(|e| RuntimeError::Io(e.to_string()))?;
        let sha256 = Sha256::digest(self.checked.bytes.as_slice()).into();
        Ok(Artifact::new(&self.key, sha256, &join(&self.checked.bytes, &code)))
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        caps::check_start(&self.checked, limits)?;
        let wanted = &self.checked.descriptor.imports;
        let funcs = wanted.iter().map(|i| resolve(imports, i).cloned()).collect::<Result<Vec<_>, _>>()?;
        let (mut module, mut own) = (self.number, None);
        let mut pipe = self.pipe.borrow_mut();
        if let Some(capped) = caps::capped(&self.checked, limits)? {
            module = compile(&mut pipe, &prepared(&self.checked.with_bytes(capped))?.0)?;
            own = Some(module);
        }
        let number = pipe.number();
        let memory = pipe.file(number);
        let list = wanted.iter().zip(&funcs).map(|(import, func)| WireImport {
            module: import.module.clone(),
            name: import.name.clone(),
            ty: func.ty().clone(),
        });
        let request = Request::Instantiate {
            module,
            instance: number,
            imports: list.collect(),
            memory: memory.display().to_string(),
        };
        let mut host = Host { funcs, state, memory };
        let response = host.converse(&mut pipe, &request);
        if let Some(module) = own {
            // The instance keeps what it needs of its capped copy.
            let _ = pipe.ask(&Request::DropModule { module });
        }
        match response? {
            Response::Done => {}
            other => return Err(unexpected(other)),
        }
        drop(pipe);
        let checked = Rc::clone(&self.checked);
        let mut instance = DriverInstance::new(Rc::clone(&self.pipe), checked, number, host);
        if let Some(start) = &self.start {
            instance.start(start).map_err(RuntimeError::Start)?;
        }
        Ok(Box::new(instance))
    }
}
