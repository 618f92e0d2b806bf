//! A bounded load run against a server on this machine, and a bare handler to compare with.
//!
//! `load bare SECONDS` serves a fixed answer and prints its address; `load ADDRESS PATH CONNECTIONS SECONDS` prints
//! requests per second and quantiles of latency, in microseconds, and for Runoff's answers what it spent outside of
//! loading, setting up and running.

#![allow(clippy::allow_attributes, clippy::print_stdout, reason = "a program for a terminal")]

use std::convert::Infallible;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};

const USAGE: &str = "load bare SECONDS | load ADDRESS PATH CONNECTIONS SECONDS";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["bare", seconds] => bare(seconds.parse().expect(USAGE)),
        [address, path, connections, seconds] => load(
            address.parse().expect(USAGE),
            path,
            connections.parse().expect(USAGE),
            seconds.parse().expect(USAGE),
        ),
        _ => println!("{USAGE}"),
    }
}

fn bare(seconds: u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        let accept = async {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let _ = stream.set_nodelay(true);
                tokio::spawn(async move {
                    let answer = |_: Request<Incoming>| async {
                        Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"ok"))))
                    };
                    let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                    let _ = builder.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
                });
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(seconds), accept).await;
    });
}

/// Latency and what Runoff says it spent on the function, both in microseconds.
type Sample = (f64, Option<f64>);

fn load(address: SocketAddr, path: &str, connections: usize, seconds: f64) {
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let started = Instant::now();
    let threads: Vec<_> = (0..connections)
        .map(|_| {
            let path = path.to_owned();
            thread::spawn(move || drive(address, &path, end))
        })
        .collect();
    let mut samples: Vec<Sample> = threads.into_iter().flat_map(|t| t.join().expect("a client")).collect();
    let took = started.elapsed().as_secs_f64();
    let mut latency: Vec<f64> = samples.iter().map(|s| s.0).collect();
    let mut outside: Vec<f64> = samples.drain(..).filter_map(|(all, inside)| Some(all - inside?)).collect();
    println!("{:.0} requests/s, latency us {}", latency.len() as f64 / took, quantiles(&mut latency));
    if !outside.is_empty() {
        println!("outside the function us {}", quantiles(&mut outside));
    }
}

fn quantiles(values: &mut [f64]) -> String {
    values.sort_by(f64::total_cmp);
    let at = |q: f64| values[((values.len() - 1) as f64 * q) as usize];
    format!("p50 {:.1} p95 {:.1} p99 {:.1} max {:.1}", at(0.5), at(0.95), at(0.99), at(1.0))
}

fn drive(address: SocketAddr, path: &str, end: Instant) -> Vec<Sample> {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_nodelay(true).expect("an option");
    let mut reader = BufReader::new(stream);
    let request = format!("POST {path} HTTP/1.1\r\nhost: load\r\ncontent-length: 2\r\n\r\nok");
    let mut samples = Vec::new();
    let (mut line, mut body) = (String::new(), Vec::new());
    while Instant::now() < end {
        let started = Instant::now();
        reader.get_mut().write_all(request.as_bytes()).expect("sent");
        let (mut length, mut inside) = (0, None);
        loop {
            line.clear();
            assert!(reader.read_line(&mut line).expect("an answer") > 0, "the server closed");
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            if let Some(value) = text.strip_prefix("content-length: ") {
                length = value.parse().expect("a length");
            } else if let Some(value) = text.strip_prefix("server-timing: ") {
                inside = Some(value.split("dur=").skip(1).filter_map(milliseconds).sum::<f64>() * 1e3);
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body).expect("a body");
        samples.push((started.elapsed().as_secs_f64() * 1e6, inside));
    }
    samples
}

fn milliseconds(text: &str) -> Option<f64> {
    text.split([',', ';']).next()?.parse().ok()
}
