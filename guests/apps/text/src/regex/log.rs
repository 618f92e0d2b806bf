//! A log made from a seed, with what is in it.

use std::fmt::Write as _;

use runoff_guest_apps_inputs::Random;

/// A log.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// Its lines.
    pub text: Vec<u8>,
    /// How many addresses, dates, mail addresses, failed requests, requests that change something, and slow ones
    /// were written.
    pub truth: [usize; 6],
}

const METHODS: [&str; 7] = ["GET", "GET", "GET", "POST", "PUT", "PATCH", "DELETE"];
const STATUSES: [u32; 8] = [200, 200, 200, 204, 301, 404, 500, 503];
const WORDS: [&str; 8] = ["api", "users", "items", "search", "static", "img", "v2", "orders"];

/// A log of that many lines.
pub fn log(lines: usize) -> Log {
    let mut random = Random::new(71);
    let mut text = String::with_capacity(110 * lines);
    let mut truth = [0; 6];
    for line in 0..lines {
        let mut below = |end: u32| random.below(end);
        let address = [0; 4].map(|_| below(256));
        let [a, b, c, d] = address;
        let (day, second) = (1 + line / 86_400 % 28, line % 86_400);
        let clock = (second / 3600, second / 60 % 60, second % 60);
        let method = METHODS[below(7) as usize];
        let status = STATUSES[below(8) as usize];
        let mut path = String::new();
        for _ in 0..=below(3) {
            path += "/";
            path += WORDS[below(8) as usize];
        }
        let (size, took) = (below(100_000), below(4000) * below(2));
        let user = below(3);
        let written = if user == 0 {
            truth[2] += 1;
            format!("user{}.{}@mail{}.example.org", below(1000), WORDS[below(8) as usize], below(10))
        } else {
            "-".to_owned()
        };
        writeln!(
            text,
            "{a}.{b}.{c}.{d} {written} 2024-03-{day:02}T{:02}:{:02}:{:02}Z \"{method} {path}?page={} HTTP/1.1\" \
             {status} {size} took={took}ms",
            clock.0,
            clock.1,
            clock.2,
            below(50)
        )
        .expect("a string takes everything");
        truth[0] += 1;
        truth[1] += 1;
        truth[3] += usize::from(status >= 500);
        truth[4] += usize::from(["PUT", "PATCH", "DELETE"].contains(&method));
        truth[5] += usize::from(took >= 1000);
    }
    Log { text: text.into_bytes(), truth }
}
