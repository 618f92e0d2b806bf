//! What a `wagi` function writes: CGI's header block (RFC 3875 §6), an empty line, the body.

use super::ending::Answer;

/// Longest header block.
const HEADERS: usize = 64 << 10;

/// Fields that belong to the connection, which is the host's.
const OURS: [&str; 9] = [
    "connection",
    "content-length",
    "keep-alive",
    "transfer-encoding",
    "upgrade",
    "proxy-connection",
    "te",
    "trailer",
    "server-timing",
];

/// What names begin with by which the host says something of its own.
const WORDS: &str = "x-runoff-";

/// Reads a header block and the body behind it; what is wrong, in words.
pub fn parse(output: &[u8]) -> Result<Answer, String> {
    let (end, body) = split(output)?;
    let block = std::str::from_utf8(&output[..end]).map_err(|_| "its headers are not text".to_owned())?;
    let mut status = None;
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in block.lines() {
        let (name, value) =
            line.split_once(':').ok_or_else(|| format!("`{}` is no header", line.escape_debug()))?;
        let (name, value) = (name.to_ascii_lowercase(), value.trim().to_owned());
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || !name.chars().all(token) || value.chars().any(|c| c.is_control() && c != '\t') {
            return Err(format!("`{}` is no header", line.escape_debug()));
        }
        if name == "status" {
            let code = value.split(' ').next().and_then(|code| code.parse().ok());
            status =
                Some(code.filter(|c| (200..=599).contains(c)).ok_or_else(|| {
                    format!("`{}` is no status: 200 to 599, then words", value.escape_debug())
                })?);
        } else if !OURS.contains(&name.as_str()) && !name.starts_with(WORDS) {
            headers.push((name, value));
        }
    }
    let has = |name: &str| headers.iter().any(|(n, _)| n == name);
    if !has("content-type") && !has("location") && status.is_none() {
        return Err("it writes none of content-type, location and status".into());
    }
    // A location alone sends the client elsewhere (§6.3.3).
    let status = status.unwrap_or(if has("location") { 302 } else { 200 });
    let body = output[body..].to_vec();
    Ok(Answer { status, headers, body })
}

/// Where the header block ends and the body begins.
fn split(output: &[u8]) -> Result<(usize, usize), String> {
    let mut at = 0;
    while let Some(length) = output[at..].iter().take(HEADERS).position(|b| *b == b'\n') {
        let line = &output[at..at + length];
        if line.is_empty() || line == b"\r" {
            return if at == 0 {
                Err("it begins with an empty line".into())
            } else {
                Ok((at, at + length + 1))
            };
        }
        at += length + 1;
        if at > HEADERS {
            return Err(format!("its headers are longer than {HEADERS} bytes"));
        }
    }
    Err("its headers do not end with an empty line".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn status_headers_and_body_are_read() {
        let answer =
            parse(b"Content-Type: text/html\r\nX-A:  b \r\nStatus: 404 Not here\r\n\r\n<p>\n\n").unwrap();
        assert_eq!(answer.status, 404);
        let field = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        assert_eq!(answer.headers, [field("content-type", "text/html"), field("x-a", "b")]);
        assert_eq!(answer.body, b"<p>\n\n");
        assert_eq!(parse(b"location: /x\n\n").unwrap().status, 302);
    }

    #[test]
    fn the_connection_is_the_hosts() {
        let block = "content-type: a\ncontent-length: 999\ntransfer-encoding: chunked\nTE: x\nTrailer: x\n\
            X-Runoff-Error: trap\nserver-timing: x\n\nx";
        let answer = parse(block.as_bytes()).unwrap();
        assert_eq!(answer.headers.len(), 1);
    }

    #[test]
    fn what_is_no_answer_says_why() {
        for (output, words) in [
            (&b""[..], "do not end"),
            (b"content-type: a\n", "do not end"),
            (b"\nbody", "begins with"),
            (b"hello\n\n", "no header"),
            (b"a b: c\n\n", "no header"),
            (b"status: 99 x\n\n", "no status"),
            (b"x: \x01\n\n", "no header"),
            (b"x: y\n\n", "none of"),
            (b"\xff: y\n\n", "not text"),
        ] {
            let error = parse(output).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered_and_what_is_taken_can_be_sent(bytes: Vec<u8>, head in "[a-z]{0,12}:[ -~]{0,20}\n\n") {
            for output in [bytes.clone(), [head.as_bytes(), &bytes].concat()] {
                let Ok(answer) = parse(&output) else { continue };
                prop_assert!((200..=599).contains(&answer.status));
                for (name, value) in &answer.headers {
                    prop_assert!(hyper::header::HeaderName::from_bytes(name.as_bytes()).is_ok());
                    prop_assert!(hyper::header::HeaderValue::from_str(value).is_ok() || !value.is_ascii());
                }
            }
        }
    }
}
