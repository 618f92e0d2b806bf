//! Where traces go.

use super::file::OtlpFile;

/// Where traces go.
#[derive(Clone, Debug, PartialEq)]
pub struct OtlpConfig {
    /// Host and port of the collector.
    pub authority: String,
    /// Path spans are sent to.
    pub path: String,
    /// Share of requests that are traced.
    pub sample: f64,
    /// `service.name`.
    pub service: String,
}

/// Fills in and checks; what is wrong is added to the problems.
pub(super) fn otlp_config(file: OtlpFile, problems: &mut Vec<String>) -> OtlpConfig {
    let endpoint = file.endpoint;
    let mut wrong = |key: &str, words: String| problems.push(format!("otlp.{key} {words}"));
    let rest = endpoint.strip_prefix("http://").unwrap_or_default();
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = if path.is_empty() { "/v1/traces".to_owned() } else { format!("/{path}") };
    let address = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:4318") };
    let whole = hyper::Uri::builder().scheme("http").authority(&*address).path_and_query(&*path).build();
    if authority.is_empty() || whole.is_err() {
        wrong("endpoint", format!("is `{endpoint}`; write it as http://127.0.0.1:4318, without encryption"));
    }
    let sample = file.sample.unwrap_or(1.0);
    if !(0.0..=1.0).contains(&sample) {
        wrong("sample", format!("is {sample}; it is between 0 and 1"));
    }
    OtlpConfig { authority: address, path, sample, service: file.service.unwrap_or_else(|| "runoff".into()) }
}
