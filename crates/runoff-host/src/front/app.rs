//! What all connections share.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::log::AccessLog;
use super::overlay::Overlay;
use crate::config::{Source, Timeouts};
use crate::host::Host;
use crate::otlp::Exporter;

/// What all connections share.
pub(super) struct App {
    pub(super) host: Arc<Host>,
    pub(super) log: AccessLog,
    pub(super) traces: Option<Exporter>,
    pub(super) timeouts: Timeouts,
    pub(super) source: Source,
    pub(super) overlay: std::sync::Mutex<Overlay>,
    pub(super) local: SocketAddr,
    draining: AtomicBool,
}

impl App {
    pub(super) fn new(
        host: Arc<Host>,
        log: AccessLog,
        traces: Option<Exporter>,
        timeouts: Timeouts,
        source: Source,
        local: SocketAddr,
    ) -> Self {
        Self {
            host,
            log,
            traces,
            timeouts,
            source,
            overlay: std::sync::Mutex::default(),
            local,
            draining: AtomicBool::new(false),
        }
    }

    /// From now on this host is not ready, and connections end with their answers.
    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }
}
