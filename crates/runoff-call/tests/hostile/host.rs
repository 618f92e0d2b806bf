//! Host functions, called with whatever a guest could pass.

use runoff_call::host;
use runoff_runtime::{Caller, HostFunc, HostState, Value};

use crate::random::Random;

/// One call of each kind, and what must hold: nothing outside the named room changes, and no more is claimed than fits.
pub(crate) fn case(random: &mut Random) {
    let size = random.below(300) as usize;
    let before: Vec<u8> = (0..size).map(|_| random.next() as u8).collect();
    let args = [(); 4].map(|()| {
        let plausible = random.one_in(2);
        if plausible { random.below(size as u64 / 2 + 8) as u32 } else { random.edge(size) }
    });
    let funcs: [HostFunc; 3] = [
        host::pod(|_, x: [u32; 2]| Ok([x[1], x[0]])),
        host::encoded(|_, x: (u32, Vec<u8>)| Ok(vec![x.0; x.1.len()])),
        host::bytes(|_, from, to| {
            let wanted = from.len() + 1;
            to.fill(1);
            Ok(wanted)
        }),
    ];
    for func in funcs {
        let mut memory = before.clone();
        let mut state = HostState::new();
        let mut results = [Value::I32(0)];
        let values = args.map(|n| Value::I32(n.cast_signed()));
        let ended = func.call(&mut Caller { memory: &mut memory, state: &mut state }, &values, &mut results);
        let [ptr, len, out, room] = args.map(|n| n as usize);
        if ended.is_ok() {
            let Value::I32(written) = results[0] else { panic!("{results:?}") };
            assert!(ptr + len <= size && out + room <= size && written as usize <= room);
        }
        let named = out.min(size)..(out + room).min(size);
        for (at, (old, new)) in before.iter().zip(&memory).enumerate() {
            assert!(old == new || named.contains(&at), "byte {at} changed; {args:?}");
        }
    }
}
