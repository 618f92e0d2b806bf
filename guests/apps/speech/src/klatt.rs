//! The synthesiser: sources, resonators in cascade for what comes from the glottis, one in parallel for hiss.

use core::f64::consts::PI;

/// Samples a second, as in the paper.
pub(crate) const RATE: u32 = 10_000;

/// Samples for which the parameters hold: 5 ms.
pub(crate) const FRAME: usize = RATE as usize / 200;

/// The parameters of one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    /// Fundamental frequency in Hz.
    pub(crate) pitch: f64,
    /// Formants in Hz.
    pub(crate) formants: [f64; 3],
    /// Amplitudes of voice, breath and hiss.
    pub(crate) voice: f64,
    /// Noise at the glottis.
    pub(crate) breath: f64,
    /// Noise at a constriction.
    pub(crate) hiss: f64,
    /// Centre and bandwidth of the hiss, in Hz.
    pub(crate) hiss_at: (f64, f64),
    /// Frequency of the zero of the nose, in Hz; it cancels the pole at 270 Hz when equal to it.
    pub(crate) nasal_zero: f64,
}

/// `y(n) = a x(n) + b y(n−1) + c y(n−2)`, with a gain of 1 at 0 Hz.
#[derive(Clone, Copy, Debug, Default)]
struct Coefficients {
    a: f64,
    b: f64,
    c: f64,
}

/// Coefficients for a frequency and a bandwidth in Hz (equations 2 of the paper).
fn resonance(frequency: f64, bandwidth: f64) -> Coefficients {
    let t = 1.0 / f64::from(RATE);
    let c = -libm::exp(-2.0 * PI * bandwidth * t);
    let b = 2.0 * libm::exp(-PI * bandwidth * t) * libm::cos(2.0 * PI * frequency * t);
    Coefficients { a: 1.0 - b - c, b, c }
}

/// A resonator, or what undoes one.
#[derive(Clone, Copy, Debug, Default)]
struct Filter {
    with: Coefficients,
    before: [f64; 2],
}

impl Filter {
    fn resonate(&mut self, x: f64) -> f64 {
        let y = self.with.a * x + self.with.b * self.before[0] + self.with.c * self.before[1];
        self.before = [y, self.before[0]];
        y
    }

    /// The inverse (equation 4): its output is a weighted sum of the last three inputs.
    fn cancel(&mut self, x: f64) -> f64 {
        let y = (x - self.with.b * self.before[0] - self.with.c * self.before[1]) / self.with.a;
        self.before = [x, self.before[0]];
        y
    }
}

/// Bandwidths of the formants and, for the highest two, which do not move, their frequencies.
const BANDWIDTHS: [f64; 3] = [60.0, 90.0, 150.0];
const FIXED: [(f64, f64); 2] = [(3300.0, 250.0), (3750.0, 200.0)];
const NASAL_POLE: f64 = 270.0;
const NASAL_BANDWIDTH: f64 = 100.0;

/// A vocal tract.
#[derive(Clone, Debug)]
pub(crate) struct Synthesiser {
    /// Shapes the pulses of the vocal folds.
    glottis: Filter,
    formants: [Filter; 5],
    nasal_pole: Filter,
    nasal_zero: Filter,
    hiss: Filter,
    phase: f64,
    noise: u32,
    /// Last flow at the lips, whose change is what is heard.
    flow: f64,
}

impl Default for Synthesiser {
    fn default() -> Self {
        let filter =
            |(frequency, bandwidth)| Filter { with: resonance(frequency, bandwidth), before: [0.0; 2] };
        let formant = Filter::default();
        Self {
            glottis: filter((0.0, 100.0)),
            formants: [formant, formant, formant, filter(FIXED[0]), filter(FIXED[1])],
            nasal_pole: filter((NASAL_POLE, NASAL_BANDWIDTH)),
            nasal_zero: formant,
            hiss: formant,
            phase: 0.0,
            noise: 1,
            flow: 0.0,
        }
    }
}

impl Synthesiser {
    /// The samples of one frame.
    pub(crate) fn frame(&mut self, frame: &Frame) -> [i16; FRAME] {
        for ((filter, frequency), bandwidth) in self.formants.iter_mut().zip(frame.formants).zip(BANDWIDTHS) {
            filter.with = resonance(frequency, bandwidth);
        }
        self.nasal_zero.with = resonance(frame.nasal_zero, NASAL_BANDWIDTH);
        self.hiss.with = resonance(frame.hiss_at.0, frame.hiss_at.1);
        core::array::from_fn(|_| self.sample(frame))
    }

    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    fn sample(&mut self, frame: &Frame) -> i16 {
        self.phase += frame.pitch / f64::from(RATE);
        let pulse = if self.phase >= 1.0 {
            self.phase -= 1.0;
            frame.voice
        } else {
            0.0
        };
        let noise = self.noise();
        // While the folds swing, they let noise through for half of a cycle only.
        let noise = if frame.voice > 0.0 && self.phase > 0.5 { noise * 0.5 } else { noise };
        let source = self.glottis.resonate(pulse * 50.0) + noise * frame.breath * 0.25;
        let open = self.nasal_zero.cancel(self.nasal_pole.resonate(source));
        let cascade = self.formants.iter_mut().rev().fold(open, |x, formant| formant.resonate(x));
        let flow = cascade + self.hiss.resonate(noise * frame.hiss * 0.5);
        let sound = flow - self.flow;
        self.flow = flow;
        (sound * 1500.0).clamp(-32768.0, 32767.0) as i16
    }

    /// Between −1 and 1, by a generator of Marsaglia's kind.
    fn noise(&mut self) -> f64 {
        self.noise ^= self.noise << 13;
        self.noise ^= self.noise >> 17;
        self.noise ^= self.noise << 5;
        f64::from(self.noise) / f64::from(1_u32 << 31) - 1.0
    }
}
