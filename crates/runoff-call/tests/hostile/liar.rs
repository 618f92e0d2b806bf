//! The guest that lies.

use std::cell::RefCell;
use std::rc::Rc;

use runoff_call::{host, wire};
use runoff_runtime::{
    Caller, Failure, FastFunc, FuncHandle, FuncType, HostFunc, HostState, Instance, Interrupter, Trap, Usage,
    Value, ValueType,
};

use crate::random::Random;

/// What the guest did last, for whoever checks.
#[derive(Default)]
pub(crate) struct Truth {
    /// The memory as it is, as far as it goes.
    pub(crate) memory: Vec<u8>,
    /// What it answered last.
    pub(crate) answer: u64,
    /// Whether it failed, ever.
    pub(crate) failed: bool,
    /// Calls after that.
    pub(crate) calls_after: u64,
}

pub(crate) struct Liar {
    random: Random,
    truth: Rc<RefCell<Truth>>,
    /// What `memory` shows: the memory, in a new place whenever it moved.
    memory: Vec<u8>,
    exports: Vec<String>,
    state: HostState,
    imports: Vec<HostFunc>,
    /// How often it is honest, in tenths.
    honesty: u64,
}

const EXPORTS: [&str; 12] = [
    wire::VERSION,
    wire::BUFFER,
    wire::ALLOC,
    wire::FREE,
    wire::MESSAGE,
    "pair",
    "runoff_pod_f",
    "runoff_batch_f",
    "runoff_encoded_f",
    "runoff_bytes_f",
    "wide",
    "runoff_pod_many",
];

impl Liar {
    pub(crate) fn new(seed: u64, truth: Rc<RefCell<Truth>>) -> Self {
        let mut random = Random::new(seed);
        let memory = vec![0xa5; random.below(3000) as usize];
        let imports = vec![
            host::pod(|_, x: u64| Ok(x + 1)),
            host::encoded(|_, x: Vec<u16>| Ok(x.len() as u32)),
            host::bytes(|_, from, to| {
                let len = from.len().min(to.len());
                to[..len].copy_from_slice(&from[..len]);
                Ok(len)
            }),
        ];
        let honesty = random.below(11);
        let exports = EXPORTS.map(String::from).to_vec();
        Self { random, truth, memory, exports, state: HostState::new(), imports, honesty }
    }

    fn honest(&mut self) -> bool {
        self.random.below(10) < self.honesty
    }

    /// Grows, shrinks or moves memory and scribbles on it.
    fn move_memory(&mut self) {
        let size =
            if self.random.one_in(4) { self.random.below(3000) as usize } else { self.memory.len() + 64 };
        let fill = self.random.next() as u8;
        let mut moved = vec![fill; size.min(20_000)];
        let kept = moved.len().min(self.memory.len());
        moved[..kept].copy_from_slice(&self.memory[..kept]);
        self.memory = moved;
    }

    /// Calls the host in the middle of being called.
    fn call_host(&mut self) {
        let size = self.memory.len();
        let place = |random: &mut Random| Value::I32(random.edge(size).cast_signed());
        let args = [(); 4].map(|()| place(&mut self.random));
        let import = self.random.below(self.imports.len() as u64) as usize;
        let mut results = [Value::I32(0)];
        let mut caller = Caller { memory: &mut self.memory, state: &mut self.state };
        let _ = self.imports[import].call(&mut caller, &args, &mut results);
    }

    fn answer(&mut self, export: &str, a: u64, b: u64) -> u64 {
        let (a, size) = (a as u32, self.memory.len());
        match export {
            wire::VERSION => {
                if self.random.one_in(30) {
                    self.random.next() & 3
                } else {
                    1
                }
            }
            wire::BUFFER | wire::ALLOC => {
                if self.honest() {
                    // Some place that is really there.
                    let len = (a as usize).min(1 << 16);
                    if self.memory.len() < 1040 + len {
                        self.memory.resize(1040 + len, 0);
                    }
                    1024 + 16 * self.random.below(2)
                } else {
                    self.random.edge(size).into()
                }
            }
            wire::MESSAGE => self.random.edge(size).into(),
            "pair" => self.random.next(),
            _ if self.honest() => {
                let len = b as u32;
                // Its arguments back, or some of its own bytes.
                if self.random.one_in(2) { wire::pack(a, len) } else { wire::pack(16, 8) }
            }
            _ => wire::pack(self.random.edge(size), self.random.edge(size)),
        }
    }
}

impl Instance for Liar {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        self.exports.iter().position(|e| e == export).map(|index| FuncHandle(index as u32))
    }

    fn func_type(&self, func: FuncHandle) -> Option<FuncType> {
        const I32: ValueType = ValueType::I32;
        const F64: ValueType = ValueType::F64;
        Some(match self.exports.get(func.0 as usize)?.as_str() {
            wire::VERSION | wire::BUFFER | wire::ALLOC => FuncType::new([I32], [I32]),
            wire::FREE => FuncType::new([I32, I32], []),
            wire::MESSAGE => FuncType::new([], [I32]),
            "pair" => FuncType::new([I32, I32], [I32]),
            "wide" => FuncType::new([F64, F64, F64], [F64]),
            _ => FuncType::new([I32, I32], [ValueType::I64]),
        })
    }

    fn call(&mut self, func: FuncHandle, _: &[Value], results: &mut [Value]) -> Result<(), Failure> {
        let slot = self.call_fast(FastFunc(func.0), 0, 0).map_err(|f| *f)?;
        if let Some(result) = results.first_mut() {
            // Sometimes of another type than it said.
            *result = if self.random.one_in(8) { Value::I32(1) } else { Value::F64(slot) };
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        (self.exports[func.0 as usize] != "wide").then_some(FastFunc(func.0))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        {
            let mut truth = self.truth.borrow_mut();
            truth.calls_after += u64::from(truth.failed);
        }
        if self.random.one_in(3) {
            self.call_host();
        }
        if self.random.one_in(4) {
            self.move_memory();
        }
        if self.random.one_in(60) {
            self.truth.borrow_mut().failed = true;
            let failures = [
                Failure::Trap(Trap::Unreachable),
                Failure::Exit(0),
                Failure::Deadline,
                Failure::Host("x".into()),
            ];
            return Err(Box::new(failures[self.random.below(4) as usize].clone()));
        }
        let export = self.exports[func.0 as usize].clone();
        let answer = self.answer(&export, a, b);
        let mut truth = self.truth.borrow_mut();
        truth.answer = answer;
        truth.memory.clone_from(&self.memory);
        Ok(answer)
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        Some(&mut self.memory)
    }

    fn global(&mut self, _: &str) -> Option<Value> {
        None
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.state
    }

    fn usage(&mut self) -> Usage {
        Usage { linear_memory: Some(self.memory.len() as u64) }
    }

    fn interrupter(&self) -> Option<Interrupter> {
        None
    }
}
