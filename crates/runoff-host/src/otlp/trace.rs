//! One request's trace: which it belongs to, and what happened when.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hyper::HeaderMap;

/// Where a request's time went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Phases {
    /// From the request's head until the function was called for.
    pub(crate) before: Duration,
    /// Placing the call, and waiting for a thread.
    pub(crate) schedule: Duration,
    /// Waiting for code.
    pub(crate) load: Duration,
    /// Making the instance.
    pub(crate) instantiate: Duration,
    /// Running.
    pub(crate) run: Duration,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    pub(crate) id: [u8; 16],
    pub(crate) span: [u8; 8],
    /// The caller's span.
    pub(crate) parent: Option<[u8; 8]>,
    /// Since 1970 UTC.
    pub(crate) began: Duration,
    pub(crate) took: Duration,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) function: Option<String>,
    pub(crate) route: Option<String>,
    pub(crate) tier: Option<String>,
    pub(crate) error: Option<&'static str>,
    pub(crate) phases: Option<Phases>,
}

impl Trace {
    /// Of a request with these headers; `None` when it is not traced. A caller that traces decides by its `traceparent`
    /// (W3C Trace Context, level 1); of the others this share is traced.
    pub(crate) fn begin(headers: &HeaderMap, sample: f64) -> Option<Self> {
        let caller = headers.get("traceparent").and_then(|v| parent(v.as_bytes()));
        let (trace, parent) = match caller {
            Some((trace, span, sampled)) => sampled.then_some((trace, Some(span)))?,
            None => (rand::random::<f64>() < sample).then(|| (rand::random(), None))?,
        };
        Some(Self {
            id: trace,
            span: rand::random(),
            parent,
            began: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            took: Duration::ZERO,
            method: String::new(),
            path: String::new(),
            status: 0,
            function: None,
            route: None,
            tier: None,
            error: None,
            phases: None,
        })
    }
}

/// Trace, span and whether the caller traces; `None` of what is no `traceparent`.
fn parent(text: &[u8]) -> Option<([u8; 16], [u8; 8], bool)> {
    let mut fields = text.split(|b| *b == b'-');
    let (version, trace, span, flags) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    // Later versions may add fields, this one must not; `ff` is none.
    if version == b"ff"
        || (version == b"00" && fields.next().is_some())
        || text.iter().any(u8::is_ascii_uppercase)
    {
        return None;
    }
    let (mut version_bits, mut ids, mut spans, mut bits) = ([0; 1], [0; 16], [0; 8], [0; 1]);
    hex::decode_to_slice(version, &mut version_bits).ok()?;
    hex::decode_to_slice(trace, &mut ids).ok()?;
    hex::decode_to_slice(span, &mut spans).ok()?;
    hex::decode_to_slice(flags, &mut bits).ok()?;
    (ids != [0; 16] && spans != [0; 8]).then_some((ids, spans, bits[0] & 1 == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn callers_decide_and_nonsense_is_nobody() {
        let headers =
            |value: &str| HeaderMap::from_iter([("traceparent".parse().unwrap(), value.parse().unwrap())]);
        let trace = Trace::begin(&headers(CALLER), 0.0).expect("the caller traces");
        assert_eq!(hex::encode(trace.id), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(trace.parent.map(hex::encode).as_deref(), Some("b7ad6b7169203331"));
        assert_eq!(Trace::begin(&headers(&CALLER.replace("-01", "-00")), 1.0), None);
        for nonsense in [
            "",
            "00",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "zz-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert_eq!(Trace::begin(&headers(nonsense), 0.0), None, "{nonsense}");
            let fresh = Trace::begin(&headers(nonsense), 1.0).expect("all are traced");
            assert_eq!(fresh.parent, None, "{nonsense}");
        }
    }
}
