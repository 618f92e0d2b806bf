//! Clients that each send their next request when the answer to the last one is there.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// What a load run showed.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) per_second: f64,
    /// Microseconds, in order.
    pub(crate) latency: Vec<f64>,
    /// The same without what Runoff says it spent on the function.
    pub(crate) outside: Vec<f64>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:.0} requests/s, latency us {}", self.per_second, quantiles(&self.latency))?;
        if !self.outside.is_empty() {
            writeln!(f, "outside the function us {}", quantiles(&self.outside))?;
        }
        Ok(())
    }
}

/// The value below which this share of sorted values lies.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * q) as usize).copied().unwrap_or(f64::NAN)
}

fn quantiles(sorted: &[f64]) -> String {
    let at = |q| quantile(sorted, q);
    format!("p50 {:.1} p95 {:.1} p99 {:.1} max {:.1}", at(0.5), at(0.95), at(0.99), at(1.0))
}

/// Latency and what Runoff says it spent on the function, both in microseconds.
type Sample = (f64, Option<f64>);

pub(crate) fn load(address: SocketAddr, path: &str, connections: usize, time: Duration) -> Shown {
    let started = Instant::now();
    let end = started + time;
    let threads: Vec<_> = (0..connections)
        .map(|_| {
            let path = path.to_owned();
            thread::spawn(move || drive(address, &path, end))
        })
        .collect();
    let samples: Vec<Sample> = threads.into_iter().flat_map(|t| t.join().expect("a client")).collect();
    let per_second = samples.len() as f64 / started.elapsed().as_secs_f64();
    let mut latency: Vec<f64> = samples.iter().map(|s| s.0).collect();
    let mut outside: Vec<f64> = samples.iter().filter_map(|(all, inside)| Some(all - (*inside)?)).collect();
    latency.sort_by(f64::total_cmp);
    outside.sort_by(f64::total_cmp);
    Shown { per_second, latency, outside }
}

/// One answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// `server-timing`.
    pub(crate) timing: String,
    pub(crate) body: Vec<u8>,
}

/// A connection that is kept.
pub(crate) struct Client {
    reader: BufReader<TcpStream>,
    line: String,
    answer: Answer,
}

impl Client {
    pub(crate) fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("an option");
        let answer = Answer { status: 0, timing: String::new(), body: Vec::new() };
        Self { reader: BufReader::new(stream), line: String::new(), answer }
    }

    pub(crate) fn send(&mut self, request: &[u8]) -> &Answer {
        self.reader.get_mut().write_all(request).expect("sent");
        let mut length = 0;
        self.answer.status = 0;
        self.answer.timing.clear();
        loop {
            self.line.clear();
            assert!(self.reader.read_line(&mut self.line).expect("an answer") > 0, "the server closed");
            let text = self.line.trim_end();
            if text.is_empty() {
                break;
            }
            if let Some(value) = text.strip_prefix("content-length: ") {
                length = value.parse().expect("a length");
            } else if let Some(value) = text.strip_prefix("server-timing: ") {
                self.answer.timing.push_str(value);
            } else if self.answer.status == 0 {
                self.answer.status = text.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
            }
        }
        self.answer.body.resize(length, 0);
        self.reader.read_exact(&mut self.answer.body).expect("a body");
        &self.answer
    }
}

/// A request with two bytes of body.
pub(crate) fn request(path: &str) -> Vec<u8> {
    format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\nok").into_bytes()
}

fn drive(address: SocketAddr, path: &str, end: Instant) -> Vec<Sample> {
    let mut client = Client::open(address);
    let request = request(path);
    let mut samples = Vec::new();
    while Instant::now() < end {
        let started = Instant::now();
        let answer = client.send(&request);
        let took = started.elapsed().as_secs_f64() * 1e6;
        let phases = || answer.timing.split("dur=").skip(1).filter_map(milliseconds);
        samples.push((took, (!answer.timing.is_empty()).then(|| phases().sum::<f64>() * 1e3)));
    }
    samples
}

fn milliseconds(text: &str) -> Option<f64> {
    text.split([',', ';']).next()?.parse().ok()
}
