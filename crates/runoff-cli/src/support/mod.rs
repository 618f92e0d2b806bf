//! What several subcommands share.

pub(crate) mod counters;
pub(crate) mod home;
pub(crate) mod interrupt;
pub(crate) mod launch;
pub(crate) mod measure;
pub(crate) mod output;
pub(crate) mod progress;
pub(crate) mod registry;
pub(crate) mod scratch;
pub(crate) mod subject;
