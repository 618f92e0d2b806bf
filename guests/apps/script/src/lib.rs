//! An interpreter of almost two megabytes running scripts: much code to compile, of which a run uses little.
//!
//! The language is Rhai; its engine with the whole standard library is in the module.
#![forbid(unsafe_code)]
#![expect(clippy::cast_possible_wrap, reason = "arguments are small")]

use rhai::{AST, Engine, EvalAltResult, INT, ParseError, Scope};
use runoff_guest_apps_inputs::{Number, numbers, refuse};
use runoff_guest_program::{Io, say};

/// The scripts, each with a function `solve` of one number that gives a text.
const SCRIPTS: [(&str, &str); 4] = [
    ("queens", include_str!("../scripts/queens.rhai")),
    ("primes", include_str!("../scripts/primes.rhai")),
    ("pi", include_str!("../scripts/pi.rhai")),
    ("words", include_str!("../scripts/words.rhai")),
];

const WANTED: [Number; 4] = [
    Number { name: "QUEENS", range: 1..=12, default: None },
    Number { name: "PRIMES", range: 2..=10_000_000, default: None },
    Number { name: "DIGITS", range: 1..=5000, default: None },
    Number { name: "WORDS", range: 1..=1_000_000, default: None },
];

/// The program: every script with its number.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let wanted = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "script", &message, "QUEENS PRIMES DIGITS WORDS"),
    };
    io.start();
    let engine = Engine::new();
    let answers: Result<Vec<String>, String> =
        SCRIPTS.iter().zip(wanted).map(|((_, script), n)| solve(&engine, script, n as INT)).collect();
    io.end();
    match answers {
        Ok(answers) => {
            let lines: Vec<String> =
                SCRIPTS.iter().zip(answers).map(|((name, _), a)| format!("{name} {a}")).collect();
            i32::from(!say!(io, "{}\n", lines.join("\n")))
        }
        Err(error) => {
            let _ = io.err(format!("script: {error}\n").as_bytes());
            1
        }
    }
}

/// Compiles a script and calls its `solve`.
fn solve(engine: &Engine, script: &str, n: INT) -> Result<String, String> {
    let ast: AST = engine.compile(script).map_err(|e: ParseError| e.to_string())?;
    engine.call_fn(&mut Scope::new(), &ast, "solve", (n,)).map_err(|e: Box<EvalAltResult>| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(name: &str, n: INT) -> String {
        let (_, script) = SCRIPTS.iter().find(|(script, _)| *script == name).expect("a script");
        solve(&Engine::new(), script, n).expect("an answer")
    }

    #[test]
    fn published_answers() {
        assert_eq!(answer("queens", 6), "4");
        assert_eq!(answer("queens", 8), "92");
        assert_eq!(answer("primes", 1000), "168");
        assert_eq!(answer("primes", 100_000), "9592");
        assert_eq!(answer("pi", 50), "31415926535897932384626433832795028841971693993751");
    }

    #[test]
    fn words_are_counted_as_rust_does() {
        // The generator of the script, and a map of the library.
        let (mut state, mut counts) = (1_u64, std::collections::BTreeMap::new());
        for _ in 0..2000 {
            let mut word = String::new();
            for _ in 0..2 {
                state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
                word += ["ba", "de", "ki", "lo", "mu", "na", "so"][(state / 65_536 % 7) as usize];
            }
            *counts.entry(word).or_insert(0) += 1;
        }
        let (word, count) =
            counts.iter().max_by_key(|(word, count)| (**count, std::cmp::Reverse(*word))).expect("words");
        assert_eq!(answer("words", 2000), format!("{} {word} {count}", counts.len()));
    }

    #[test]
    fn a_broken_script_is_an_error() {
        assert!(solve(&Engine::new(), "fn solve(n) { n + }", 1).is_err());
        assert!(solve(&Engine::new(), "fn other(n) { n }", 1).is_err());
    }
}
