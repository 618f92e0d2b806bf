//! What host and worker say: a head in JSON, then bytes as they are.

use std::io::{self, Read, Write};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::{Abi, FunctionConfig};
use crate::execute::{Answer, Fault, Ran, Spent};

/// Longest head; environments and arguments are in it.
const MOST_HEAD: u32 = 4 << 20;

/// To a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Ask {
    /// Compile the module in the bytes.
    Load {
        /// What it is called from now on.
        module: String,
        /// Whether it had a start function, which is an export now.
        start: bool,
    },
    /// Run a function; the bytes are its input.
    Run(Box<Run>),
}

/// One request.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) module: String,
    pub(super) function: FunctionConfig,
    pub(super) abi: Abi,
    /// CGI variables.
    pub(super) env: Vec<(String, String)>,
    /// Until its deadline.
    pub(super) left: Duration,
}

/// An answer's status and header fields.
type Head = (u16, Vec<(String, String)>);

/// A fault's word, and what else is said of it.
type Failed = (String, String);

/// From a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Tell {
    /// The module is compiled.
    Loaded,
    /// It is not.
    Refused(String),
    /// A request ended; the bytes are the answer's body and standard error.
    Ran {
        ending: Result<Head, Failed>,
        setup: Duration,
        run: Duration,
        /// Bytes of the body.
        body: usize,
    },
}

impl Tell {
    /// A run as a message and its bytes.
    pub(super) fn of(ran: Ran) -> (Self, Vec<u8>) {
        let Ran { ending, spent: Spent { setup, run }, stderr } = ran;
        let (ending, mut bytes) = match ending {
            Ok(Answer { status, headers, body }) => (Ok((status, headers)), body),
            Err(fault) => (Err((fault.word().to_owned(), words(fault))), Vec::new()),
        };
        let body = bytes.len();
        bytes.extend_from_slice(&stderr);
        (Self::Ran { ending, setup, run, body }, bytes)
    }
}

fn words(fault: Fault) -> String {
    match fault {
        Fault::Exit(code) => code.to_string(),
        Fault::Trap(words)
        | Fault::Malformed(words)
        | Fault::Limit(words)
        | Fault::NoTier(words)
        | Fault::Engine(words) => words,
        Fault::Deadline | Fault::Cancelled | Fault::Overloaded(_) => String::new(),
    }
}

/// The fault a word stands for; a worker that says anything else has failed itself.
pub(super) fn fault(word: &str, words: String) -> Fault {
    match word {
        "trap" => Fault::Trap(words),
        "exit" => {
            words.parse().map_or_else(|_| Fault::Engine("an exit code that is none".into()), Fault::Exit)
        }
        "deadline" => Fault::Deadline,
        "malformed" => Fault::Malformed(words),
        "limit" => Fault::Limit(words),
        _ => Fault::Engine(words),
    }
}

pub(super) fn write(to: &mut impl Write, head: &impl Serialize, bytes: &[u8]) -> io::Result<()> {
    let head = serde_json::to_vec(head)?;
    let mut frame = Vec::with_capacity(16 + head.len());
    frame.extend_from_slice(&(head.len() as u32).to_le_bytes());
    frame.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    frame.extend_from_slice(&head);
    to.write_all(&frame)?;
    to.write_all(bytes)?;
    to.flush()
}

/// Reads a message with at most so many bytes after its head.
pub(super) fn read<T: for<'a> Deserialize<'a>>(from: &mut impl Read, most: u64) -> io::Result<(T, Vec<u8>)> {
    let too_long = || io::Error::new(io::ErrorKind::InvalidData, "a message that is too long");
    let (mut head, mut bytes) = ([0; 4], [0; 8]);
    from.read_exact(&mut head)?;
    from.read_exact(&mut bytes)?;
    let (head, bytes) = (u32::from_le_bytes(head), u64::from_le_bytes(bytes));
    if head > MOST_HEAD || bytes > most {
        return Err(too_long());
    }
    let part = |from: &mut dyn Read, length: u64| -> io::Result<Vec<u8>> {
        // As much room as really comes: a length is only a claim.
        let mut part = Vec::new();
        let read = from.take(length).read_to_end(&mut part)?;
        if read as u64 == length { Ok(part) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    };
    let head = part(from, head.into())?;
    let bytes = part(from, bytes)?;
    Ok((serde_json::from_slice(&head)?, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_come_back_as_they_were() {
        let answer = Answer { status: 201, headers: vec![("a".into(), "b".into())], body: b"body".to_vec() };
        let endings = [
            Ok(answer),
            Err(Fault::Trap("x".into())),
            Err(Fault::Exit(-3)),
            Err(Fault::Deadline),
            Err(Fault::Malformed("z".into())),
            Err(Fault::Limit("w".into())),
            Err(Fault::Engine("v".into())),
        ];
        for ending in endings {
            let spent = Spent { setup: Duration::from_nanos(5), run: Duration::from_secs(2) };
            let (tell, bytes) = Tell::of(Ran { ending: ending.clone(), spent, stderr: b"err".to_vec() });
            let mut wire = Vec::new();
            write(&mut wire, &tell, &bytes).unwrap();
            let (tell, bytes): (Tell, _) = read(&mut wire.as_slice(), 100).unwrap();
            let Tell::Ran { ending: back, setup, run, body } = tell else { panic!("{tell:?}") };
            assert_eq!(Spent { setup, run }, spent);
            assert_eq!(&bytes[body..], b"err");
            let back = match back {
                Ok((status, headers)) => Ok(Answer { status, headers, body: bytes[..body].to_vec() }),
                Err((word, words)) => Err(fault(&word, words)),
            };
            assert_eq!(back, ending);
        }
    }

    #[test]
    fn half_a_message_and_one_that_is_too_long_are_errors() {
        let mut wire = Vec::new();
        write(&mut wire, &Tell::Loaded, b"12345").unwrap();
        for length in 0..wire.len() {
            assert!(read::<Tell>(&mut &wire[..length], 100).is_err(), "{length}");
        }
        assert!(read::<Tell>(&mut wire.as_slice(), 5).is_ok());
        assert!(read::<Tell>(&mut wire.as_slice(), 4).is_err());
        assert!(read::<Tell>(&mut [0xff; 64].as_slice(), u64::MAX).is_err());
    }
}
