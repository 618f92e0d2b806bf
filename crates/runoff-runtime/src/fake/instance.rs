//! The fake instance.

use std::cell::Cell;
use std::rc::Rc;

use super::{FakeScript, FakeStep};
use crate::{
    Failure, FastFunc, FuncHandle, FuncType, HostState, Instance, Interrupter, ManualClock, Slot, Usage,
    Value, ValueType,
};

const RUN: FuncHandle = FuncHandle(0);

pub(super) struct FakeInstance {
    clock: ManualClock,
    script: FakeScript,
    state: HostState,
    warm: Rc<Cell<bool>>,
    calls: u64,
}

impl FakeInstance {
    pub(super) fn new(
        clock: ManualClock,
        script: FakeScript,
        state: HostState,
        warm: Rc<Cell<bool>>,
    ) -> Self {
        Self { clock, script, state, warm, calls: 0 }
    }

    fn run(&mut self, x: i32) -> Result<i32, Failure> {
        let costs = &self.script.costs;
        let cost = if self.warm.replace(true) { costs.call } else { costs.first_call.max(costs.call) };
        self.clock.advance(cost);
        let call = self.calls;
        self.calls += 1;
        match &self.script.fails {
            Some((FakeStep::Call(at), failure)) if *at == call => Err(failure.clone()),
            _ => Ok((self.script.answer)(x)),
        }
    }
}

impl Drop for FakeInstance {
    fn drop(&mut self) {
        self.clock.advance(self.script.costs.teardown);
    }
}

impl Instance for FakeInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        (export == "run").then_some(RUN)
    }

    fn func_type(&self, func: FuncHandle) -> Option<FuncType> {
        (func == RUN).then(|| FuncType::new([ValueType::I32], [ValueType::I32]))
    }

    fn call(&mut self, func: FuncHandle, args: &[Value], results: &mut [Value]) -> Result<(), Failure> {
        match (func, args, results) {
            (RUN, [Value::I32(x)], [result]) => {
                *result = Value::I32(self.run(*x)?);
                Ok(())
            }
            _ => Err(Failure::BadCall("the fake exports run(i32) -> i32".into())),
        }
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        (func == RUN).then_some(FastFunc(0))
    }

    fn call_fast(&mut self, _: FastFunc, a: u64, _: u64) -> Result<u64, Box<Failure>> {
        self.run(i32::from_slot(a)).map(Slot::into_slot).map_err(Box::new)
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        None
    }

    fn global(&mut self, _: &str) -> Option<Value> {
        None
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.state
    }

    fn usage(&mut self) -> Usage {
        Usage::default()
    }

    fn interrupter(&self) -> Option<Interrupter> {
        None
    }
}
