//! A client that does exactly what a test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The tier it says it ran on.
    pub(crate) fn tier(&self) -> Option<&str> {
        self.header("server-timing")?.strip_prefix("tier;desc=\"")?.split('"').next()
    }
}

/// A connection that is kept.
pub(crate) struct Connection {
    reader: BufReader<TcpStream>,
    /// The next answer has no body whatever it says of its length: it is one to HEAD.
    pub(crate) bare: bool,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        Ok(Self { reader: BufReader::new(stream), bare: false })
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.reader.get_mut().write_all(bytes)
    }

    pub(crate) fn receive(&mut self) -> std::io::Result<Answer> {
        let gone = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(gone());
        }
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(gone)?;
        let mut headers = Vec::new();
        loop {
            line.clear();
            if self.reader.read_line(&mut line)? == 0 {
                return Err(gone());
            }
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = headers.iter().find(|(n, _)| n == "content-length").and_then(|(_, v)| v.parse().ok());
        let bare = std::mem::take(&mut self.bare);
        let mut body = vec![0; length.filter(|_| !bare).unwrap_or(0)];
        self.reader.read_exact(&mut body)?;
        Ok(Answer { status, headers, body })
    }

    pub(crate) fn post(&mut self, path: &str, body: &[u8]) -> std::io::Result<Answer> {
        let mut bytes =
            format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n", body.len())
                .into_bytes();
        bytes.extend_from_slice(body);
        self.send(&bytes)?;
        self.receive()
    }
}

/// One request on a connection of its own; `head` has more header lines.
pub(crate) fn ask(address: SocketAddr, method: &str, path: &str, head: &str, body: &[u8]) -> Answer {
    let mut connection = Connection::open(address).expect("a connection");
    let length = body.len();
    connection.bare = method == "HEAD";
    let text = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n{head}\r\n"
    );
    // A host that refuses a body may close before all of it is sent; what it says counts.
    let _ = connection.send(&[text.as_bytes(), body].concat());
    connection.receive().unwrap_or_else(|e| panic!("{method} {path}: {e}"))
}

pub(crate) fn post(address: SocketAddr, path: &str, body: &[u8]) -> Answer {
    ask(address, "POST", path, "", body)
}

pub(crate) fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, "GET", path, "", b"")
}

/// A frame of HTTP/2.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) flags: u8,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    pub(crate) const DATA: u8 = 0;
    pub(crate) const HEADERS: u8 = 1;
    const SETTINGS: u8 = 4;
    const PING: u8 = 6;
    const WINDOW: u8 = 8;

    /// Whether it is the last of its stream, or of the connection (`RST_STREAM`, `GOAWAY`).
    fn ends(&self) -> bool {
        [Self::DATA, Self::HEADERS].contains(&self.kind) && self.flags & 1 == 1 || [3, 7].contains(&self.kind)
    }
}

/// A request without a body over HTTP/2, in plain literals; the frames of its stream.
pub(crate) fn ask_over_h2(address: SocketAddr, method: &str, path: &str) -> std::io::Result<Vec<Frame>> {
    let mut connection = Connection::open(address)?;
    let mut head = vec![0x86];
    // `:method`, `:path` and `:authority` by their places in the static table.
    for (name, value) in [(0x02, method), (0x04, path), (0x01, "localhost")] {
        head.extend([name, value.len() as u8]);
        head.extend(value.bytes());
    }
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    bytes.extend([0, 0, 0, Frame::SETTINGS, 0, 0, 0, 0, 0]);
    bytes.extend([0, 0, head.len() as u8, Frame::HEADERS, 5, 0, 0, 0, 1]);
    bytes.extend(head);
    connection.send(&bytes)?;
    let mut frames = Vec::new();
    loop {
        let mut head = [0; 9];
        connection.reader.read_exact(&mut head)?;
        let mut payload = vec![0; usize::from(head[1]) << 8 | usize::from(head[2])];
        connection.reader.read_exact(&mut payload)?;
        let frame = Frame { kind: head[3], flags: head[4], payload };
        if [Frame::SETTINGS, Frame::PING, Frame::WINDOW].contains(&frame.kind) {
            continue;
        }
        let last = frame.ends();
        frames.push(frame);
        if last {
            return Ok(frames);
        }
    }
}
