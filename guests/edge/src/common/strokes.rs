//! Digits as strokes of a pen.

/// Lines through these points, in a square from (0, 0) at the top left to (1, 1), per digit.
const DIGITS: [&[&[(f64, f64)]]; 10] = [
    &[&[
        (0.5, 0.0),
        (0.8, 0.1),
        (0.9, 0.5),
        (0.8, 0.9),
        (0.5, 1.0),
        (0.2, 0.9),
        (0.1, 0.5),
        (0.2, 0.1),
        (0.5, 0.0),
    ]],
    &[&[(0.3, 0.2), (0.55, 0.0), (0.55, 1.0)]],
    &[&[(0.15, 0.25), (0.3, 0.03), (0.65, 0.0), (0.85, 0.2), (0.8, 0.42), (0.1, 1.0), (0.9, 1.0)]],
    &[&[
        (0.15, 0.08),
        (0.6, 0.0),
        (0.85, 0.2),
        (0.75, 0.42),
        (0.4, 0.48),
        (0.8, 0.58),
        (0.88, 0.8),
        (0.6, 1.0),
        (0.12, 0.92),
    ]],
    &[&[(0.7, 1.0), (0.7, 0.0), (0.05, 0.7), (0.95, 0.7)]],
    &[&[
        (0.85, 0.0),
        (0.25, 0.0),
        (0.2, 0.45),
        (0.6, 0.4),
        (0.87, 0.6),
        (0.82, 0.88),
        (0.5, 1.0),
        (0.12, 0.92),
    ]],
    &[&[
        (0.75, 0.0),
        (0.35, 0.25),
        (0.15, 0.65),
        (0.25, 0.95),
        (0.6, 1.0),
        (0.85, 0.8),
        (0.75, 0.55),
        (0.4, 0.5),
        (0.16, 0.7),
    ]],
    &[&[(0.1, 0.0), (0.9, 0.0), (0.4, 1.0)]],
    &[&[
        (0.5, 0.47),
        (0.2, 0.3),
        (0.25, 0.07),
        (0.5, 0.0),
        (0.75, 0.07),
        (0.8, 0.3),
        (0.5, 0.47),
        (0.15, 0.7),
        (0.2, 0.92),
        (0.5, 1.0),
        (0.8, 0.92),
        (0.85, 0.7),
        (0.5, 0.47),
    ]],
    &[&[
        (0.84, 0.3),
        (0.6, 0.5),
        (0.25, 0.45),
        (0.15, 0.2),
        (0.4, 0.0),
        (0.75, 0.05),
        (0.85, 0.35),
        (0.65, 0.75),
        (0.25, 1.0),
    ]],
];

/// Where and how a digit is drawn: a point (x, y) of its square lands on the origin plus x and y times their axes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pen {
    pub(crate) origin: (f64, f64),
    pub(crate) x_axis: (f64, f64),
    pub(crate) y_axis: (f64, f64),
    /// Half the width of a stroke in pixels.
    pub(crate) radius: f64,
}

/// How much of each pixel a digit covers, from 0 to 1; pixels have their centres at whole coordinates.
pub(crate) fn draw(
    digit: usize,
    pen: &Pen,
    width: usize,
    height: usize,
    mut cover: impl FnMut(usize, usize, f64),
) {
    let place = |(x, y): (f64, f64)| {
        let along = |origin: f64, x_axis: f64, y_axis: f64| origin + x * x_axis + y * y_axis;
        (along(pen.origin.0, pen.x_axis.0, pen.y_axis.0), along(pen.origin.1, pen.x_axis.1, pen.y_axis.1))
    };
    let strokes = DIGITS[digit % 10].iter();
    let lines: Vec<_> =
        strokes.flat_map(|points| points.windows(2).map(|p| (place(p[0]), place(p[1])))).collect();
    for y in 0..height {
        for x in 0..width {
            #[expect(clippy::cast_precision_loss, reason = "images are smaller than 2^52 pixels")]
            let point = (x as f64, y as f64);
            let nearest = lines.iter().map(|&line| distance(point, line)).fold(f64::INFINITY, f64::min);
            let covered = (pen.radius + 0.5 - nearest).clamp(0.0, 1.0);
            if covered > 0.0 {
                cover(x, y, covered);
            }
        }
    }
}

/// From a point to a line between two points.
fn distance((x, y): (f64, f64), ((ax, ay), (bx, by)): ((f64, f64), (f64, f64))) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let share = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    let (ex, ey) = (ax + share * dx - x, ay + share * dy - y);
    libm::sqrt(ex * ex + ey * ey)
}
