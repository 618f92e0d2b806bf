//! Engines that not everybody may use for everything.

/// What stands between a runtime and production use, for people; `None` where nothing unusual does.
///
/// Measuring is allowed everywhere. Whoever lets Runoff choose what to *run* must know of these.
pub fn restriction(runtime: &str) -> Option<&'static str> {
    (runtime == "wasmer/singlepass").then_some(
        "Business Source License 1.1: production use needs a sponsorship agreement with Wasmer, Inc.",
    )
}
