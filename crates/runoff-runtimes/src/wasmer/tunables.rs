//! Memories, tables and globals as the engine makes them, capped, and where their definitions lie.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use wasmer::sys::vm::{
    MemoryError, MemoryStyle, TableStyle, VMGlobal, VMGlobalDefinition, VMMemory, VMMemoryDefinition,
    VMTable, VMTableDefinition,
};
use wasmer::sys::{BaseTunables, Tunables};
use wasmer::{GlobalType, MemoryType, Pages, TableType, WASM_PAGE_SIZE};

use super::interrupt::FlagSlot;

/// The largest maximum of a table the engine accepts.
const TABLE_MAX: u32 = 128 << 20;

/// Where an instance keeps what the adapter looks at. Filled while the engine builds the instance; valid as
/// long as its store.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The first memory, exported or not.
    pub(super) memory: Option<NonNull<VMMemoryDefinition>>,
}

#[expect(unsafe_code, reason = "raw pointers are not Send, and the engine's tunables must be")]
// SAFETY: the pointer is only followed on the thread of the instance that owns the store it points into.
unsafe impl Send for Places {}

/// The engine's own choices with caps on growth.
pub(super) struct Capped {
    base: BaseTunables,
    memory_pages: Option<Pages>,
    table_elements: Option<u32>,
    /// Which of the module's own globals the check points look at, counted in `globals`.
    flag: Option<FlagSlot>,
    globals: AtomicUsize,
    places: Arc<Mutex<Places>>,
}

impl Capped {
    pub(super) fn new(
        base: BaseTunables,
        memory_bytes: Option<u64>,
        table_elements: Option<u32>,
        flag: Option<FlagSlot>,
        places: Arc<Mutex<Places>>,
    ) -> Self {
        let pages = |bytes: u64| Pages(u32::try_from(bytes / WASM_PAGE_SIZE as u64).unwrap_or(u32::MAX));
        Self {
            base,
            memory_pages: memory_bytes.map(pages),
            table_elements,
            flag,
            globals: AtomicUsize::new(0),
            places,
        }
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
        // A larger maximum would be refused; growth may fail at any size, so a smaller one is as good.
        ty.maximum = ty.maximum.map(|max| max.min(TABLE_MAX));
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
        let index = self.globals.fetch_add(1, Ordering::Relaxed);
        if let Some(flag) = &self.flag {
            flag.made(index, location);
        }
        // SAFETY: the caller's promise about `location` is passed on.
        unsafe { self.base.create_vm_global(ty, location) }
    }
}
