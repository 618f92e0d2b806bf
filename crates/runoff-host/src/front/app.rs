//! What all connections share.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::body::Bodies;
use super::log::AccessLog;
use super::overlay::Overlay;
use crate::config::{Config, Source, Timeouts};
use crate::host::Host;
use crate::otlp::Exporter;

/// What all connections share.
pub(super) struct App {
    pub(super) host: Arc<Host>,
    pub(super) log: AccessLog,
    pub(super) traces: Option<Exporter>,
    pub(super) timeouts: Timeouts,
    pub(super) bodies: Bodies,
    pub(super) source: Source,
    /// The configuration as it was written when the host started.
    pub(super) written: Config,
    pub(super) overlay: std::sync::Mutex<Overlay>,
    pub(super) local: SocketAddr,
    pub(super) draining: AtomicBool,
}

impl App {
    /// From now on this host is not ready, and connections end with their answers.
    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }
}
