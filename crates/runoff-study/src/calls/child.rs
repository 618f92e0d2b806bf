//! The same functions in a child process, asked over a pipe.

use std::ffi::OsString;
use std::io::{self, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use runoff_call::bytemuck;
use runoff_guest_calls::{Factors, Record};

/// What is asked for: one byte, then a length (32 bits) and as many bytes. The answer has a length and bytes.
pub(crate) const MUL: u8 = 0;
pub(crate) const NEXT: u8 = 1;
pub(crate) const ECHO: u8 = 2;

/// Longest message.
const MOST: usize = 1 << 24;

/// The command whose process answers as [`serve`] does.
#[derive(Clone, Debug)]
pub struct PeerCommand(
    /// Program and arguments.
    pub Vec<OsString>,
);

/// Answers what comes in until it ends.
pub fn serve(input: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let mut message = Vec::new();
    let mut kind = [0];
    while input.read(&mut kind)? == 1 {
        read_message(&mut input, &mut message)?;
        match kind[0] {
            MUL => {
                let factors: Factors = read(&message)?;
                write_message(&mut output, &[], &runoff_guest_calls::mul_record(factors).to_le_bytes())?;
            }
            NEXT => {
                let record: Record = read(&message)?;
                write_message(&mut output, &[], bytemuck::bytes_of(&runoff_guest_calls::next(record)))?;
            }
            ECHO => write_message(&mut output, &[], &message)?,
            _ => return Err(invalid("an unknown question")),
        }
    }
    Ok(())
}

fn read<T: bytemuck::AnyBitPattern>(message: &[u8]) -> io::Result<T> {
    bytemuck::try_pod_read_unaligned(message).map_err(|e| invalid(&e.to_string()))
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn read_message(input: &mut impl Read, into: &mut Vec<u8>) -> io::Result<()> {
    let mut len = [0; 4];
    input.read_exact(&mut len)?;
    let len = u32::from_le_bytes(len) as usize;
    if len > MOST {
        return Err(invalid("a message that is too long"));
    }
    into.resize(len, 0);
    input.read_exact(into)
}

/// In one write: a pipe wakes its reader with each.
fn write_message(output: &mut impl Write, head: &[u8], bytes: &[u8]) -> io::Result<()> {
    let mut message = Vec::with_capacity(head.len() + 4 + bytes.len());
    message.extend_from_slice(head);
    message.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    message.extend_from_slice(bytes);
    output.write_all(&message)?;
    output.flush()
}

/// A child process that answers.
pub(crate) struct Peer {
    child: Child,
    /// Closed before the child is waited for, which ends it.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    answer: Vec<u8>,
}

impl Peer {
    pub(crate) fn start(command: &PeerCommand) -> Result<Self, String> {
        let (program, args) = command.0.split_first().ok_or("no program")?;
        let spawned = Command::new(program)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = spawned.map_err(|e| format!("{}: {e}", program.display()))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = BufReader::new(output.ok_or("no pipe")?);
        Ok(Self { child, input, output, answer: Vec::new() })
    }

    pub(crate) fn call(&mut self, kind: u8, question: &[u8]) -> Result<&[u8], String> {
        let input = self.input.as_mut().ok_or("closed")?;
        write_message(input, &[kind], question).map_err(|e| e.to_string())?;
        read_message(&mut self.output, &mut self.answer).map_err(|e| e.to_string())?;
        Ok(&self.answer)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.input = None;
        // It ends by itself when its input does.
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_answered_and_nonsense_is_an_error() {
        let ask = |bytes: &[u8]| {
            let mut output = Vec::new();
            serve(bytes, &mut output).map(|()| output)
        };
        let mut question = vec![MUL, 8, 0, 0, 0];
        question.extend_from_slice(bytemuck::bytes_of(&Factors { x: 6, y: -7 }));
        assert_eq!(ask(&question).expect("an answer")[4..], (-42_i32).to_le_bytes());
        assert!(ask(&[MUL, 1, 0, 0, 0, 9]).is_err(), "a wrong length");
        assert!(ask(&[9, 0, 0, 0, 0]).is_err(), "an unknown question");
        assert!(ask(&[ECHO, 255, 255, 255, 255]).is_err(), "too long");
        assert!(ask(&[]).expect("nothing").is_empty());
    }
}
