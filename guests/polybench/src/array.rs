//! Result arrays and how they are printed.

use std::fmt::Write;

/// How many elements the suite prints on a line.
const PER_LINE: usize = 20;

/// The elements of an array, row after row.
#[derive(Clone, Copy, Debug)]
pub enum Cells<'a> {
    /// Double precision.
    F64(&'a [f64]),
    /// Single precision.
    F32(&'a [f32]),
    /// Integers.
    I32(&'a [i32]),
}

/// Which elements belong to the result, and where the suite's dump begins a new line.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// All, in lines of twenty.
    Plain,
    /// All of a matrix with so many columns; the dump counts as if it had `stride` columns.
    Matrix { columns: usize, stride: usize },
    /// The lower triangle of a square matrix with the diagonal; the dump counts the others as well.
    Lower { columns: usize },
    /// The upper triangle of a square matrix with the diagonal.
    Upper { columns: usize },
    /// All; the dump breaks after an element where others break before it.
    BreakAfter,
}

/// One result of a kernel.
#[derive(Clone, Copy, Debug)]
pub struct Array<'a> {
    name: &'static str,
    cells: Cells<'a>,
    shape: Shape,
}

impl<'a> Array<'a> {
    pub(crate) fn plain(name: &'static str, cells: Cells<'a>) -> Self {
        Self { name, cells, shape: Shape::Plain }
    }

    /// `stride` is what the reference program multiplies the row with when it counts elements.
    pub(crate) fn matrix(name: &'static str, cells: Cells<'a>, columns: usize, stride: usize) -> Self {
        Self { name, cells, shape: Shape::Matrix { columns, stride } }
    }

    pub(crate) fn lower(name: &'static str, cells: Cells<'a>, columns: usize) -> Self {
        Self { name, cells, shape: Shape::Lower { columns } }
    }

    pub(crate) fn upper(name: &'static str, cells: Cells<'a>, columns: usize) -> Self {
        Self { name, cells, shape: Shape::Upper { columns } }
    }

    pub(crate) fn break_after(name: &'static str, cells: Cells<'a>) -> Self {
        Self { name, cells, shape: Shape::BreakAfter }
    }

    /// The suite's name of the array.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// All its elements, also those outside the triangle that is the result.
    pub fn cells(&self) -> Cells<'a> {
        self.cells
    }

    /// Calls `f` with index and number in the dump's count of every element of the result, in order.
    fn each(&self, mut f: impl FnMut(usize, usize)) {
        let len = match self.cells {
            Cells::F64(cells) => cells.len(),
            Cells::F32(cells) => cells.len(),
            Cells::I32(cells) => cells.len(),
        };
        let mut count = 0;
        for at in 0..len {
            match self.shape {
                Shape::Plain | Shape::BreakAfter => f(at, at),
                Shape::Matrix { columns, stride } => f(at, at / columns * stride + at % columns),
                Shape::Lower { columns } if at % columns <= at / columns => f(at, at),
                Shape::Upper { columns } if at % columns >= at / columns => {
                    f(at, count);
                    count += 1;
                }
                Shape::Lower { .. } | Shape::Upper { .. } => {}
            }
        }
    }
}

/// One line per array: name, digest of the elements' bits, and their sum in the order of the array, to two decimals.
pub(crate) fn summary(arrays: &[Array<'_>]) -> String {
    let mut text = String::new();
    for array in arrays {
        let (mut digest, mut sum) = (0xcbf2_9ce4_8422_2325, 0.0);
        array.each(|at, _| {
            let (bits, value) = match array.cells {
                Cells::F64(cells) => (bits(cells[at]), cells[at]),
                Cells::F32(cells) => (bits(f64::from(cells[at])), f64::from(cells[at])),
                Cells::I32(cells) => (u64::from(cells[at].cast_unsigned()), f64::from(cells[at])),
            };
            digest = mix(digest, bits);
            sum += value;
        });
        // Writing to a string does not fail.
        let _ = writeln!(text, "{} {digest:016x} {sum:.2}", array.name);
    }
    text
}

/// The bits of a number; those of a NaN are not the same everywhere.
fn bits(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}

/// One step of the digest: the multiplication of FNV-1a on whole words, and a shift that lets high bits count below.
fn mix(digest: u64, bits: u64) -> u64 {
    let product = (digest ^ bits).wrapping_mul(0x0000_0100_0000_01b3);
    product ^ (product >> 29)
}

/// The arrays as the reference programs dump them.
pub(crate) fn dump(kernel: &str, arrays: &[Array<'_>]) -> String {
    const FINISH: &str = "==END   DUMP_ARRAYS==\n";
    let mut text = String::from("==BEGIN DUMP_ARRAYS==\n");
    for (number, array) in arrays.iter().enumerate() {
        let _ = write!(text, "begin dump: {}", array.name);
        let after = matches!(array.shape, Shape::BreakAfter);
        array.each(|at, count| {
            let breaks = count % PER_LINE == 0;
            if breaks && !after {
                text.push('\n');
            }
            let _ = match array.cells {
                Cells::F64(cells) => write!(text, "{:.2} ", cells[at]),
                Cells::F32(cells) => write!(text, "{:.2} ", cells[at]),
                Cells::I32(cells) => write!(text, "{} ", cells[at]),
            };
            if breaks && after {
                text.push('\n');
            }
        });
        let _ = writeln!(text, "\nend   dump: {}", array.name);
        // The reference program of this kernel finishes after the first of its three arrays.
        if kernel == "fdtd-2d" && number == 0 {
            text.push_str(FINISH);
        }
    }
    if kernel != "fdtd-2d" {
        text.push_str(FINISH);
    }
    text
}
