//! HTTP: requests in, answers out, and the life of the server around them.

mod admin;
mod answer;
mod app;
mod body;
mod cgi;
mod dashboard;
mod exposed;
mod form;
mod log;
mod overlay;
mod reload;
mod request;
mod server;
mod stalled;

pub use overlay::Overlay;
pub use server::{Ready, ServeError, ServeOptions, serve};
