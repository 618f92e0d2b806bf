//! Connections whose other side does nothing: a client that never says what it wants, or never reads its answer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

/// What HTTP/2 begins with; the server reads so far before its own clocks run.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection under two clocks.
pub(super) struct Stalled {
    stream: TcpStream,
    /// Runs until it is clear which protocol is spoken.
    opening: Option<(Pin<Box<Sleep>>, usize)>,
    /// Runs while a write waits.
    writing: Pin<Box<Sleep>>,
    write_waits: bool,
    write: Duration,
}

impl Stalled {
    pub(super) fn new(stream: TcpStream, header: Duration, write: Duration) -> Self {
        let opening = Some((Box::pin(sleep(header)), 0));
        Self { stream, opening, writing: Box::pin(sleep(write)), write_waits: false, write }
    }

    /// A write that waits is given its time, once it made any progress anew.
    fn watch<T>(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.write_waits = false;
            return poll;
        }
        if !self.write_waits {
            self.write_waits = true;
            self.writing.as_mut().reset(Instant::now() + self.write);
        }
        match self.writing.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Stalled {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        let poll = Pin::new(&mut this.stream).poll_read(cx, buf);
        let Some((clock, seen)) = &mut this.opening else { return poll };
        match poll {
            Poll::Ready(Ok(())) => {
                let fresh = &buf.filled()[before..];
                let expected = PREFACE.get(*seen..*seen + fresh.len());
                *seen += fresh.len();
                if fresh.is_empty() || expected != Some(fresh) || *seen == PREFACE.len() {
                    this.opening = None;
                }
                poll
            }
            Poll::Pending if clock.as_mut().poll(cx).is_ready() => {
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            other => other,
        }
    }
}

impl AsyncWrite for Stalled {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(cx, poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(cx, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
