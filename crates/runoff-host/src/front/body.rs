//! Bodies of requests as they come in: within their function's limit, within a time, and all of a host together within the
//! memory there is for them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::{Body as _, Incoming};
use tokio::time::Instant;

use super::answer::{Body, refused};
use crate::config::Timeouts;

/// What a body that is waited for counts at least: its request, headers and buffers are held for it however short it is.
const FLOOR: u64 = 16 << 10;

/// Memory for bodies of requests, from their first byte until their answer.
#[derive(Debug)]
pub(crate) struct Bodies {
    held: AtomicU64,
    most: u64,
}

impl Bodies {
    pub(crate) fn new(most: u64) -> Self {
        Self { held: AtomicU64::new(0), most }
    }

    /// What is held, bytes.
    pub(crate) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }

    /// What may be held, bytes.
    pub(crate) fn most(&self) -> u64 {
        self.most
    }

    /// A share without anything in it yet.
    pub(super) fn hold(&self) -> Held<'_> {
        Held { bodies: self, bytes: 0 }
    }
}

/// What one request has of it; given back when dropped.
#[derive(Debug)]
pub(super) struct Held<'a> {
    bodies: &'a Bodies,
    bytes: u64,
}

impl Held<'_> {
    /// Makes it at least so large; `false` where there is no room for that.
    fn at_least(&mut self, bytes: u64) -> bool {
        let Some(more) = bytes.checked_sub(self.bytes).filter(|more| *more > 0) else { return true };
        let before = self.bodies.held.fetch_add(more, Ordering::Relaxed);
        self.bytes = bytes;
        // What is too much is given back with the rest, at once: its request ends here.
        before.saturating_add(more) <= self.bodies.most
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.bodies.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// The whole body, if it is not too long, does not stop coming, and there is room for it.
pub(super) async fn collect(
    mut body: Incoming,
    most: u64,
    times: &Timeouts,
    held: &mut Held<'_>,
) -> Result<Bytes, Response<Body>> {
    let too_large = || refused(413, "body-too-large", "the body is larger than this function takes");
    let late = || refused(408, "body-timeout", "the body did not come in time");
    let no_room = || refused(503, "bodies", "the host holds as many bodies as it may");
    let hint = body.size_hint();
    if hint.lower() > most {
        return Err(too_large());
    }
    if hint.exact() == Some(0) {
        return Ok(Bytes::new());
    }
    let mut end = None::<Instant>;
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    loop {
        // A body that is there, or comes with the next look at its connection, needs no clock.
        let mut next = std::pin::pin!(body.frame());
        let mut looked = false;
        let early = std::future::poll_fn(|cx| match next.as_mut().poll(cx) {
            Poll::Ready(frame) => Poll::Ready(Some(frame)),
            Poll::Pending if looked => Poll::Ready(None),
            Poll::Pending => {
                looked = true;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        });
        let frame = match early.await {
            Some(frame) => Ok(frame),
            None if !held.at_least(FLOOR) => return Err(no_room()),
            None => {
                let now = Instant::now();
                let end = *end.get_or_insert(now + times.body_total);
                tokio::time::timeout_at(end.min(now + times.body), next).await
            }
        };
        let frame = match frame {
            Err(_) => return Err(late()),
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(refused(400, "body", "the body is broken")),
            Ok(Some(Ok(frame))) => frame,
        };
        let data = frame.into_data().unwrap_or_default();
        // Frames may come without a pause and without an end when there is nothing in them.
        if data.is_empty() && *end.get_or_insert_with(|| Instant::now() + times.body_total) <= Instant::now()
        {
            return Err(late());
        }
        let sum = first.as_ref().map_or(0, Bytes::len) + all.len() + data.len();
        if sum as u64 > most {
            return Err(too_large());
        }
        if !held.at_least(sum as u64) {
            return Err(no_room());
        }
        match first.take() {
            None if all.is_empty() => first = Some(data),
            None => all.extend_from_slice(&data),
            Some(begin) => {
                all.extend_from_slice(&begin);
                all.extend_from_slice(&data);
            }
        }
        // What is reserved for the rest of it is held, too.
        if !held.at_least(all.capacity() as u64) {
            return Err(no_room());
        }
    }
    // Most bodies come in one piece, which is not copied.
    Ok(first.unwrap_or_else(|| all.freeze()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_given_back_and_bounded() {
        let bodies = Bodies::new(100);
        let (mut one, mut two) = (bodies.hold(), bodies.hold());
        assert!(one.at_least(60) && one.at_least(10));
        assert_eq!(bodies.held(), 60);
        assert!(!two.at_least(41));
        drop(two);
        assert_eq!(bodies.held(), 60);
        assert!(one.at_least(100));
        drop(one);
        assert_eq!(bodies.held(), 0);
    }
}
