//! What nothing but HTTP costs: hyper with a fixed answer, as the host sets it up; and what not even that costs.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// An answer of about as many bytes as the host's.
const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 2\r\n\r\nok";

/// Answers whatever comes, without understanding any of it.
pub(crate) fn echo(time: Duration) {
    listen(time, |mut stream| async move {
        let mut room = [0; 4096];
        while stream.read(&mut room).await.is_ok_and(|read| read > 0) {
            if stream.write_all(ANSWER).await.is_err() {
                break;
            }
        }
    });
}

/// Answers requests.
pub(crate) fn serve(time: Duration) {
    listen(time, |stream| async move {
        let answer = |_: Request<Incoming>| async {
            Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"ok"))))
        };
        let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
        let _ = builder.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
    });
}

/// Gives connections to `each`, on threads as the host's, for some time; prints the address first.
fn listen<F: Future<Output = ()> + Send + 'static>(time: Duration, each: impl Fn(TcpStream) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        let accept = async {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let _ = stream.set_nodelay(true);
                tokio::spawn(each(stream));
            }
        };
        let _ = tokio::time::timeout(time, accept).await;
    });
}
