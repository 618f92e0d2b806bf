//! The twelve configurations of the scripting study, as naive as it did them.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use runoff_call::bytemuck;
use runoff_guest_calls::Factors;
use runoff_runtime::{FuncHandle, Instance, Value};

use super::cell::{Cell, Group, time};
use super::guests::Guests;

type Raw = Rc<RefCell<Box<dyn Instance>>>;

/// The configurations by their number in the study's table 1.
pub(crate) fn cells(guests: &Guests) -> Result<Vec<Cell>, String> {
    let id = guests.id.as_str();
    let start = guests.start;
    let cell = |name: &str, run: Run| Cell::new(id, Group::Scripting, name, run).started(start.kinds);
    let mut cells = Vec::new();
    for (cached, preloaded, name) in [
        (false, false, " 1 pair, hotload"),
        (false, true, " 2 pair, preload"),
        (true, false, " 3 pair, cached, hotload"),
        (true, true, " 4 pair, cached, preload"),
    ] {
        cells.push(cell(name, pair(&guests.raw_kinds, cached, preloaded)?));
    }
    for (preloaded, name) in
        [(false, " 5 pair, in a struct, hotload"), (true, " 6 pair, in a struct, preload")]
    {
        cells.push(cell(name, in_struct(&guests.raw_kinds, preloaded)?));
    }
    for (encoded, cached, name) in [
        (true, false, " 7 encoded, dynamic"),
        (true, true, " 8 encoded, dynamic, cached"),
        (false, false, " 9 pod, dynamic"),
        (false, true, "10 pod, dynamic, cached"),
    ] {
        cells.push(cell(name, dynamic(&guests.raw_blocks, encoded, cached)?).started(start.blocks));
    }
    for (cached, name) in [(false, "11 pod, static"), (true, "12 pod, static, cached")] {
        cells.push(cell(name, fixed(&guests.raw_kinds, cached)?));
    }
    Ok(cells)
}

type Run = Box<dyn FnMut(u32) -> Result<std::time::Duration, String>>;

fn find(instance: &mut dyn Instance, export: &str) -> Result<FuncHandle, String> {
    instance.lookup(export).ok_or_else(|| format!("no export `{export}`"))
}

fn call(instance: &mut dyn Instance, func: FuncHandle, args: &[Value]) -> Result<Value, String> {
    let mut results = [Value::I32(0)];
    instance.call(func, args, &mut results).map_err(|f| f.to_string())?;
    Ok(results[0])
}

fn factors() -> [Value; 2] {
    [Value::I32(black_box(2)), Value::I32(black_box(3))]
}

fn pair(raw: &Raw, cached: bool, preloaded: bool) -> Result<Run, String> {
    let raw = Rc::clone(raw);
    let known = find(raw.borrow_mut().as_mut(), "mul")?;
    Ok(Box::new(move |calls| {
        let mut raw = raw.borrow_mut();
        let instance = raw.as_mut();
        let loaded = factors();
        time(calls, |_| {
            let func = if cached { known } else { find(instance, "mul")? };
            let args = if preloaded { loaded } else { factors() };
            Ok::<_, String>(call(instance, func, &args)? == Value::I32(6))
        })
    }))
}

/// The function beside the instance it belongs to: what took the study `Pin` and `Option`.
struct Scripted {
    instance: Raw,
    mul: FuncHandle,
}

impl Scripted {
    fn mul(&mut self, args: &[Value]) -> Result<Value, String> {
        call(self.instance.borrow_mut().as_mut(), self.mul, args)
    }
}

fn in_struct(raw: &Raw, preloaded: bool) -> Result<Run, String> {
    let mul = find(raw.borrow_mut().as_mut(), "mul")?;
    let mut scripted = Box::new(Scripted { instance: Rc::clone(raw), mul });
    Ok(Box::new(move |calls| {
        let loaded = factors();
        time(calls, |_| {
            let args = if preloaded { loaded } else { factors() };
            Ok::<_, String>(scripted.mul(&args)? == Value::I32(6))
        })
    }))
}

/// The study's copy: byte by byte, each checked.
fn copy_in(instance: &mut dyn Instance, at: usize, bytes: &[u8]) -> Result<(), String> {
    let memory = instance.memory().ok_or("no memory")?;
    for (offset, byte) in bytes.iter().enumerate() {
        *memory.get_mut(at + offset).ok_or("outside memory")? = *byte;
    }
    Ok(())
}

fn copy_out(instance: &mut dyn Instance, packed: Value) -> Result<Vec<u8>, String> {
    let Value::I64(packed) = packed else { return Err("not an address".into()) };
    let (at, len) = runoff_call::wire::unpack(packed.cast_unsigned());
    let memory = instance.memory().ok_or("no memory")?;
    let mut bytes = Vec::new();
    for offset in 0..len as usize {
        bytes.push(*memory.get(at as usize + offset).ok_or("outside memory")?);
    }
    Ok(bytes)
}

fn arguments() -> Factors {
    Factors { x: black_box(2), y: black_box(3) }
}

fn dynamic(raw: &Raw, encoded: bool, cached: bool) -> Result<Run, String> {
    let raw = Rc::clone(raw);
    let exports =
        ["runoff_alloc", if encoded { "runoff_encoded_mul" } else { "runoff_pod_mul" }, "runoff_free"];
    let mut known = Vec::new();
    for export in exports {
        known.push(find(raw.borrow_mut().as_mut(), export)?);
    }
    Ok(Box::new(move |calls| {
        let mut raw = raw.borrow_mut();
        let instance = raw.as_mut();
        let get = |instance: &mut dyn Instance, which: usize| {
            if cached { Ok(known[which]) } else { find(instance, exports[which]) }
        };
        time(calls, |_| {
            let args = arguments();
            let bytes = if encoded {
                postcard::to_allocvec(&args).map_err(|e| e.to_string())?
            } else {
                bytemuck::bytes_of(&args).to_vec()
            };
            let len = Value::I32(bytes.len() as i32);
            let alloc = get(instance, 0)?;
            let at = call(instance, alloc, &[len])?;
            let Value::I32(address) = at else { return Err("not an address".into()) };
            copy_in(instance, address as u32 as usize, &bytes)?;
            let mul = get(instance, 1)?;
            let packed = call(instance, mul, &[at, len])?;
            let answer = copy_out(instance, packed)?;
            let free = get(instance, 2)?;
            instance.call(free, &[at, len], &mut []).map_err(|f| f.to_string())?;
            let answer: i32 = if encoded {
                postcard::from_bytes(&answer).map_err(|e| e.to_string())?
            } else {
                bytemuck::try_pod_read_unaligned(&answer).map_err(|e| e.to_string())?
            };
            Ok::<_, String>(answer == 6)
        })
    }))
}

fn fixed(raw: &Raw, cached: bool) -> Result<Run, String> {
    let raw = Rc::clone(raw);
    let known = find(raw.borrow_mut().as_mut(), "runoff_pod_mul")?;
    let buffer = find(raw.borrow_mut().as_mut(), "runoff_buffer")?;
    let at = call(raw.borrow_mut().as_mut(), buffer, &[Value::I32(16)])?;
    let Value::I32(address) = at else { return Err("not an address".into()) };
    Ok(Box::new(move |calls| {
        let mut raw = raw.borrow_mut();
        let instance = raw.as_mut();
        time(calls, |_| {
            let args = arguments();
            copy_in(instance, address as u32 as usize, bytemuck::bytes_of(&args))?;
            let func = if cached { known } else { find(instance, "runoff_pod_mul")? };
            let packed = call(instance, func, &[at, Value::I32(8)])?;
            let answer = copy_out(instance, packed)?;
            let answer: i32 = bytemuck::try_pod_read_unaligned(&answer).map_err(|e| e.to_string())?;
            Ok::<_, String>(answer == 6)
        })
    }))
}
