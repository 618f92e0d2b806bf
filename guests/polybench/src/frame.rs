//! What all kernels have in common: sizes, arguments, marks and output.

use runoff_guest_program::Io;

use crate::Array;
use crate::array::{dump, summary};

/// The names of the published sizes, smallest first.
pub const SIZES: [&str; 5] = ["mini", "small", "medium", "large", "extralarge"];

/// The exit code for arguments that make no sense.
const USAGE: i32 = 2;

/// The smallest number that an own size may have: stencils need two borders.
const SMALLEST: usize = 2;

/// A kernel with its data.
pub trait Kernel {
    /// The suite's name of the kernel.
    const NAME: &'static str;
    /// What the numbers of a size are called in the suite.
    const PARAMETERS: &'static [&'static str];
    /// The published sizes, in the order of [`SIZES`].
    const PUBLISHED: [Self::Size; 5];
    /// The numbers of a size, one per parameter.
    type Size: Copy + AsRef<[usize]> + TryFrom<Vec<usize>>;

    /// The data before the computation, by the suite's initialisation formulas.
    fn new(size: Self::Size) -> Self;

    /// The computation: the part to be measured.
    fn run(&mut self);

    /// The arrays that are its result, in the order in which the suite prints them.
    fn results(&self) -> Vec<Array<'_>>;
}

/// The program around a kernel.
pub fn main<K: Kernel>(args: &[&str], io: &mut dyn Io) -> i32 {
    let (size, dumps) = match parse::<K>(args) {
        Ok(parsed) => parsed,
        Err(message) => {
            let usage = format!(
                "{name}: {message}\nusage: {name} mini|small|medium|large|extralarge [dump]\n       {name} {} [dump]\n",
                K::PARAMETERS.join(" "),
                name = K::NAME,
            );
            io.err(usage.as_bytes());
            return USAGE;
        }
    };
    let mut kernel = K::new(size);
    io.start();
    kernel.run();
    io.end();
    let text = if dumps { dump(K::NAME, &kernel.results()) } else { summary(&kernel.results()) };
    i32::from(!io.out(text.as_bytes()))
}

fn parse<K: Kernel>(args: &[&str]) -> Result<(K::Size, bool), String> {
    let (args, dumps) = match args {
        [rest @ .., "dump"] => (rest, true),
        all => (all, false),
    };
    if let [name] = args
        && let Some(at) = SIZES.iter().position(|size| size == name)
    {
        return Ok((K::PUBLISHED[at], dumps));
    }
    let largest = K::PUBLISHED[4];
    let numbers = args
        .iter()
        .zip(K::PARAMETERS.iter().zip(largest.as_ref()))
        .map(|(arg, (parameter, &largest))| match arg.parse() {
            Ok(n) if (SMALLEST..=largest).contains(&n) => Ok(n),
            _ => Err(format!("{parameter} must be a whole number from {SMALLEST} to {largest}, not {arg:?}")),
        })
        .collect::<Result<Vec<_>, _>>()?;
    if args.len() == K::PARAMETERS.len()
        && let Ok(size) = K::Size::try_from(numbers)
    {
        return Ok((size, dumps));
    }
    Err(format!("expected the name of a size or {} numbers, got {}", K::PARAMETERS.len(), args.len()))
}
