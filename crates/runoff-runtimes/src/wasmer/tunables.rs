//! Memories, tables and globals as the engine makes them, capped, and where their definitions lie.

use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use wasmer::sys::vm::{
    MemoryError, MemoryStyle, TableStyle, VMGlobal, VMGlobalDefinition, VMMemory, VMMemoryDefinition,
    VMTable, VMTableDefinition,
};
use wasmer::sys::{BaseTunables, Tunables};
use wasmer::{GlobalType, MemoryType, Pages, TableType, WASM_PAGE_SIZE};

use super::interrupt::FLAG_TYPE;

/// Where an instance keeps what the adapter looks at between calls. Filled while the engine builds the
/// instance; the pointers are valid as long as its store.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The first memory, exported or not.
    pub(super) memory: Option<NonNull<VMMemoryDefinition>>,
    /// The globals that only the adapter's check points know, in order of creation.
    pub(super) flags: Vec<NonNull<VMGlobalDefinition>>,
}

#[expect(unsafe_code, reason = "raw pointers are not Send, and the engine's tunables must be")]
// SAFETY: the pointers are only followed by the instance that owns the store they point into, or, for the
// flag, by atomic writes under a lock that ends before the store does.
unsafe impl Send for Places {}

/// The engine's own choices with caps on growth.
pub(super) struct Capped {
    base: BaseTunables,
    memory_pages: Option<Pages>,
    table_elements: Option<u32>,
    /// Whether the module has the globals of the check points.
    flags: bool,
    places: Arc<Mutex<Places>>,
}

impl Capped {
    pub(super) fn new(
        base: BaseTunables,
        memory_bytes: Option<u64>,
        table_elements: Option<u32>,
        flags: bool,
        places: Arc<Mutex<Places>>,
    ) -> Self {
        let pages = |bytes: u64| Pages(u32::try_from(bytes / WASM_PAGE_SIZE as u64).unwrap_or(u32::MAX));
        Self { base, memory_pages: memory_bytes.map(pages), table_elements, flags, places }
    }

    fn memory_type(&self, ty: &MemoryType) -> MemoryType {
        let mut ty = *ty;
        if let Some(cap) = self.memory_pages {
            ty.maximum = Some(ty.maximum.map_or(cap, |max| max.min(cap)));
        }
        ty
    }

    fn table_type(&self, ty: &TableType) -> TableType {
        let mut ty = *ty;
        if let Some(cap) = self.table_elements {
            ty.maximum = Some(ty.maximum.map_or(cap, |max| max.min(cap)));
        }
        ty
    }
}

#[expect(unsafe_code, reason = "the trait's methods are unsafe")]
impl Tunables for Capped {
    // The style decides what code is generated, so it must not depend on the cap of one instance.
    fn memory_style(&self, memory: &MemoryType) -> MemoryStyle {
        self.base.memory_style(memory)
    }

    fn table_style(&self, table: &TableType) -> TableStyle {
        self.base.table_style(table)
    }

    fn create_host_memory(&self, ty: &MemoryType, style: &MemoryStyle) -> Result<VMMemory, MemoryError> {
        self.base.create_host_memory(&self.memory_type(ty), style)
    }

    unsafe fn create_vm_memory(
        &self,
        ty: &MemoryType,
        style: &MemoryStyle,
        location: NonNull<VMMemoryDefinition>,
    ) -> Result<VMMemory, MemoryError> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).memory.get_or_insert(location);
        // SAFETY: the caller's promise about `location` is passed on.
        unsafe { self.base.create_vm_memory(&self.memory_type(ty), style, location) }
    }

    fn create_host_table(&self, ty: &TableType, style: &TableStyle) -> Result<VMTable, String> {
        self.base.create_host_table(&self.table_type(ty), style)
    }

    unsafe fn create_vm_table(
        &self,
        ty: &TableType,
        style: &TableStyle,
        location: NonNull<VMTableDefinition>,
    ) -> Result<VMTable, String> {
        // SAFETY: the caller's promise about `location` is passed on.
        unsafe { self.base.create_vm_table(&self.table_type(ty), style, location) }
    }

    unsafe fn create_vm_global(
        &self,
        ty: GlobalType,
        location: NonNull<VMGlobalDefinition>,
    ) -> Result<VMGlobal, String> {
        if self.flags && ty == FLAG_TYPE {
            self.places.lock().unwrap_or_else(PoisonError::into_inner).flags.push(location);
        }
        // SAFETY: the caller's promise about `location` is passed on.
        unsafe { self.base.create_vm_global(ty, location) }
    }
}
