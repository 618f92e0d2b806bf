//! What of a request's time is neither its function's nor the system's.

use std::time::Duration;

use super::{ROUNDS, ROUTES, Verdicts, median};
use crate::drive::{load, quantile};
use crate::server::Server;

/// A client waits for two things that are no host's: the system carries bytes to another process and back and wakes
/// threads that sleep, which on an idle virtual processor takes longer than everything else together. A bare socket that
/// answers the same number of bytes shows how long; it is measured in turns with the host.
pub(super) fn overhead(host: &Server, time: Duration, verdicts: &mut Verdicts) {
    let (echo, bare) = (Server::echo(), Server::bare());
    let p50 = |server: &Server, path| quantile(&load(server.address, path, 1, time).latency, 0.5);
    let (mut sockets, mut bares) = (Vec::new(), Vec::new());
    let mut outside = [const { Vec::new() }; ROUTES.len()];
    let mut own = [const { Vec::new() }; ROUTES.len()];
    for _ in 0..ROUNDS {
        bares.push(p50(&bare, "/"));
        for (((route, _), outside), own) in ROUTES.iter().zip(&mut outside).zip(&mut own) {
            let socket = p50(&echo, "/");
            let all = quantile(&load(host.address, route, 1, time).outside, 0.5);
            sockets.push(socket);
            outside.push(all);
            own.push(all - socket);
        }
    }
    let us = |values: &mut [f64]| format!("{:.1} us", median(values));
    verdicts.say("bare socket, one connection, p50", &us(&mut sockets), None);
    verdicts.say("bare hyper, one connection, p50", &us(&mut bares), None);
    for (i, (_, abi)) in ROUTES.iter().enumerate() {
        verdicts.say(&format!("{abi}: outside the function, p50"), &us(&mut outside[i]), None);
        let kept = median(&mut own[i]) <= 60.0;
        let what = format!("{abi}: the same without the bare socket's");
        verdicts.say(&what, &us(&mut own[i]), Some(("<= 60 us", kept)));
    }
}
