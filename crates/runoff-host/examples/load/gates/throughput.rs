//! Requests per second of functions that do nothing, beside a bare handler.

use std::time::Duration;

use super::{MANY, ROUNDS, ROUTES, Verdicts, median};
use crate::drive::load;
use crate::server::Server;

pub(super) fn throughput(host: &Server, time: Duration, verdicts: &mut Verdicts) {
    let bare = Server::bare();
    let mut shares = [const { Vec::new() }; ROUTES.len()];
    let mut bares = Vec::new();
    for _ in 0..ROUNDS {
        for ((route, _), shares) in ROUTES.iter().zip(&mut shares) {
            // Next to each other in time: the machine may be another a moment later.
            let alone = load(bare.address, "/", MANY, time).per_second;
            bares.push(alone);
            shares.push(load(host.address, route, MANY, time).per_second / alone);
        }
    }
    let figure = format!("{:.0} requests/s", median(&mut bares));
    verdicts.say(&format!("bare hyper, {MANY} connections"), &figure, None);
    for (i, ((_, abi), shares)) in ROUTES.iter().zip(&mut shares).enumerate() {
        let share = median(shares);
        let limit = (i == 0).then_some((">= 60 %", share >= 0.6));
        verdicts.say(
            &format!("{abi}, {MANY} connections"),
            &format!("{:.0} % of bare", share * 100.0),
            limit,
        );
    }
}
