//! One HTTP request, and what of its answer matters here.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Longest answer that is read: far more than any of these programs prints.
const MOST: usize = 1 << 20;

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    /// From sending to the last byte.
    pub(super) took: Duration,
    /// The runtime it ran on.
    pub(super) runtime: String,
    /// What the host says the guest itself took.
    pub(super) execution: Duration,
}

/// A connection that is kept for several requests.
pub(super) struct Client(TcpStream);

impl Client {
    pub(super) fn connect(address: SocketAddr, limit: Duration) -> Result<Self, String> {
        let stream = TcpStream::connect(address).map_err(|e| e.to_string())?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        stream.set_read_timeout(Some(limit)).map_err(|e| e.to_string())?;
        Ok(Self(stream))
    }

    pub(super) fn get(&mut self, path: &str) -> Result<Answer, String> {
        let start = Instant::now();
        write!(self.0, "GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").map_err(|e| e.to_string())?;
        let mut bytes = Vec::new();
        let mut buffer = [0; 16 * 1024];
        let head = loop {
            if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
                break at;
            }
            self.more(&mut bytes, &mut buffer)?;
        };
        let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
        let length: usize = header(&text, "content-length")
            .and_then(|v| v.parse().ok())
            .ok_or_else(|| format!("an answer without a length: {text}"))?;
        if length > MOST {
            return Err(format!("an answer of {length} bytes"));
        }
        while bytes.len() < head + 4 + length {
            self.more(&mut bytes, &mut buffer)?;
        }
        let took = start.elapsed();
        let body = bytes.split_off(head + 4);
        let status = text.split(' ').nth(1).unwrap_or_default();
        if status != "200" {
            let why = header(&text, "x-runoff-error").unwrap_or_default();
            return Err(format!("status {status} ({why}): {}", String::from_utf8_lossy(&body).trim()));
        }
        let timing = header(&text, "server-timing").unwrap_or_default();
        let runtime =
            timing.split("tier;desc=\"").nth(1).and_then(|t| t.split('"').next()).unwrap_or_default();
        let execution =
            timing.split("exec;dur=").nth(1).and_then(|t| t.split(',').next()?.trim().parse().ok());
        let execution = execution.and_then(|ms: f64| Duration::try_from_secs_f64(ms / 1e3).ok());
        let execution = execution.ok_or_else(|| format!("no server-timing: {timing}"))?;
        Ok(Answer { body, took, runtime: runtime.to_owned(), execution })
    }

    fn more(&mut self, bytes: &mut Vec<u8>, buffer: &mut [u8]) -> Result<(), String> {
        match self.0.read(buffer) {
            Ok(0) => Err("the host closed the connection".into()),
            Ok(n) => {
                bytes.extend_from_slice(&buffer[..n]);
                if bytes.len() > 2 * MOST { Err("an endless answer".into()) } else { Ok(()) }
            }
            Err(error) => Err(format!("no answer: {error}")),
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// Answers one connection with these bytes, in two pieces.
    fn serve(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut buffer = [0; 512];
            let _ = stream.read(&mut buffer).expect("a request");
            let (first, second) = answer.split_at(answer.len() / 2);
            stream.write_all(first.as_bytes()).expect("written");
            thread::sleep(Duration::from_millis(5));
            stream.write_all(second.as_bytes()).expect("written");
        });
        address
    }

    fn ask(answer: &'static str) -> Result<Answer, String> {
        Client::connect(serve(answer), Duration::from_secs(5)).and_then(|mut c| c.get("/a"))
    }

    #[test]
    fn answers_are_read_whole_and_failures_told() {
        let good = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nserver-timing: tier;desc=\"wasmi/lazy\", load;dur=1.0, setup;dur=0.5, exec;dur=2.500\r\n\r\nhello";
        let answer = ask(good).expect("an answer");
        assert_eq!((answer.body.as_slice(), answer.runtime.as_str()), (&b"hello"[..], "wasmi/lazy"));
        assert_eq!(answer.execution, Duration::from_micros(2500));
        let bad = "HTTP/1.1 504 Gateway Timeout\r\ncontent-length: 4\r\nx-runoff-error: deadline\r\n\r\nlate";
        assert_eq!(ask(bad).expect_err("a failure"), "status 504 (deadline): late");
        let short = "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhello";
        assert_eq!(ask(short).expect_err("a failure"), "the host closed the connection");
        let huge = "HTTP/1.1 200 OK\r\ncontent-length: 5000000000\r\n\r\nhello";
        assert_eq!(ask(huge).expect_err("a failure"), "an answer of 5000000000 bytes");
    }
}
