//! A call that waits for code: for the build, and for a trial meanwhile.

use std::time::{Duration, Instant};

use runoff_pick::online::TierId;
use tokio::sync::oneshot;

use super::Host;
use super::trial::Trial;
use crate::execute::Ran;
use crate::scheduler::{Action, Placement};

/// How long a trial is alone before what the policy decided begins.
const HEAD_START: Duration = Duration::from_millis(1);

/// What the policy decided, which is done in any case, at the latest when its call is gone.
pub(super) struct Decided<'a> {
    host: &'a Host,
    actions: Vec<Action>,
}

impl<'a> Decided<'a> {
    pub(super) fn new(host: &'a Host, actions: Vec<Action>) -> Self {
        Self { host, actions }
    }

    /// Nobody waits for what is built.
    fn calm(&mut self) {
        for action in &mut self.actions {
            if let Action::Build { urgent, .. } = action {
                *urgent = false;
            }
        }
    }
}

impl Drop for Decided<'_> {
    fn drop(&mut self) {
        self.host.after(std::mem::take(&mut self.actions));
    }
}

/// What came first.
pub(super) enum Waited {
    Placed(Placement),
    Tried(TierId, Ran),
    InVain,
}

/// Waits for a placement or the end of a trial. The trial has a head start before compilers take the processors; when it
/// ends within it, nobody waits for them.
pub(super) async fn wait(
    mut decided: Decided<'_>,
    placed: oneshot::Receiver<Placement>,
    trial: Option<Trial>,
    until: Instant,
) -> Waited {
    let mut still = None;
    if let Some(mut trial) = trial {
        match tokio::time::timeout(HEAD_START, &mut trial.ran).await {
            Ok(Ok(ran)) => {
                decided.calm();
                return Waited::Tried(trial.tier, ran);
            }
            // It ended without an answer.
            Ok(Err(_)) => {}
            Err(_) => still = Some(trial),
        }
    }
    drop(decided);
    tokio::time::timeout_at(until.into(), first(placed, still)).await.unwrap_or(Waited::InVain)
}

async fn first(mut placed: oneshot::Receiver<Placement>, trial: Option<Trial>) -> Waited {
    if let Some(Trial { tier, mut ran, stop }) = trial {
        tokio::select! {
            tried = &mut ran => if let Ok(ran) = tried {
                return Waited::Tried(tier, ran);
            },
            placement = &mut placed => {
                // It may have ended at the same moment; then it is not run again.
                if let Ok(ran) = ran.try_recv() {
                    return Waited::Tried(tier, ran);
                }
                drop(stop);
                return Waited::Placed(placement.unwrap_or(Placement::Refused));
            }
        }
    }
    Waited::Placed(placed.await.unwrap_or(Placement::Refused))
}
