//! Wasmtime's component model: typed calls of a component's exports.

use std::hint::black_box;
use std::sync::Arc;

use wasmtime::component::{Component, ComponentType, Lift, Linker, Lower, TypedFunc};
use wasmtime::{Config, Engine, Store};

use crate::{BYTES, Cell, LARGE, NUMBERS, RECORD, record};

const COMPONENT: &str = include_str!("component.wat");

#[derive(Clone, Copy, ComponentType, Lift, Lower)]
#[component(record)]
struct Record {
    id: u32,
    count: u32,
    size: u64,
}

/// A store and a function of it.
struct Guest<Params, Results> {
    store: Store<()>,
    func: TypedFunc<Params, Results>,
}

impl<Params, Results> Guest<Params, Results>
where
    Params: wasmtime::component::ComponentNamedList + Lower + 'static,
    Results: wasmtime::component::ComponentNamedList + Lift + 'static,
{
    fn new(engine: &Engine, component: &Component, name: &str) -> wasmtime::Result<Self> {
        let mut store = Store::new(engine, ());
        let instance = Linker::new(engine).instantiate(&mut store, component)?;
        let func = instance.get_typed_func(&mut store, name)?;
        Ok(Self { store, func })
    }

    fn call(&mut self, params: Params) -> Result<Results, String> {
        self.func.call(&mut self.store, params).map_err(|e| format!("{e:#}"))
    }
}

pub fn cells() -> Result<Vec<Cell>, Box<dyn std::error::Error>> {
    let mut config = Config::new();
    config.wasm_component_model(true);
    let engine = Engine::new(&config)?;
    let component = Component::new(&engine, wat::parse_str(COMPONENT)?)?;
    let mut mul: Guest<(i32, i32), (i32,)> = Guest::new(&engine, &component, "mul")?;
    let mut next: Guest<(Record,), (Record,)> = Guest::new(&engine, &component, "next")?;
    let mut echo: Guest<(Arc<[u8]>,), (Vec<u8>,)> = Guest::new(&engine, &component, "echo")?;
    let payload: Arc<[u8]> = vec![0x5a_u8; LARGE].into();
    let cell = |config, size, run| Cell { name: "component model", config, size, run };
    Ok(vec![
        cell(
            NUMBERS,
            0,
            Box::new(move |calls| {
                for n in 0..calls {
                    let n = black_box(n.cast_signed());
                    if mul.call((n, 3))?.0 != n.wrapping_mul(3) {
                        return Ok(false);
                    }
                }
                Ok(true)
            }),
        ),
        cell(
            RECORD,
            0,
            Box::new(move |calls| {
                for n in 0..calls {
                    let (id, count, size) = record(black_box(n));
                    let (answer,) = next.call((Record { id, count, size },))?;
                    if (answer.id, answer.count, answer.size) != (id, count + 1, size) {
                        return Ok(false);
                    }
                }
                Ok(true)
            }),
        ),
        cell(
            BYTES,
            LARGE as u64,
            Box::new(move |calls| {
                for _ in 0..calls {
                    if echo.call((Arc::clone(black_box(&payload)),))?.0.len() != payload.len() {
                        return Ok(false);
                    }
                }
                Ok(true)
            }),
        ),
    ])
}
