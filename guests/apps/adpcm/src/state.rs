//! What coder and decoder both know: the last sample as the decoder hears it, and the step.

/// The step sizes of the recommendation.
const STEPS: [i32; 89] = [
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88,
    97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658,
    724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660,
    4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818,
    18500, 20350, 22385, 24623, 27086, 29794, 32767,
];

/// How the place in the table of steps moves with the magnitude of a code.
const MOVES: [i32; 8] = [-1, -1, -1, -1, 2, 4, 6, 8];

/// Bit of a code that makes it negative.
const SIGN: u8 = 8;

/// Predicted sample and place in the table of steps.
#[derive(Clone, Debug, Default)]
pub struct State {
    sample: i32,
    place: i32,
}

impl State {
    fn step(&self) -> i32 {
        STEPS[usize::try_from(self.place).unwrap_or(0)]
    }

    /// The code of a sample: the difference in quarters of the step, rounded down, at most 7.
    #[inline]
    pub fn encode(&mut self, sample: i16) -> u8 {
        let difference = i32::from(sample) - self.sample;
        let sign = if difference < 0 { SIGN } else { 0 };
        let (mut rest, mut step, mut code) = (difference.abs(), self.step(), sign);
        for bit in [4, 2, 1] {
            if rest >= step {
                code |= bit;
                rest -= step;
            }
            step >>= 1;
        }
        self.decode(code);
        code
    }

    /// The sample of a code, whose upper half must be 0.
    #[inline]
    pub fn decode(&mut self, code: u8) -> i16 {
        let step = self.step();
        let mut change = step >> 3;
        for (bit, part) in [(4, step), (2, step >> 1), (1, step >> 2)] {
            if code & bit != 0 {
                change += part;
            }
        }
        let sample = if code & SIGN == 0 { self.sample + change } else { self.sample - change };
        self.sample = sample.clamp(i32::from(i16::MIN), i32::from(i16::MAX));
        self.place = (self.place + MOVES[usize::from(code & 7)]).clamp(0, 88);
        i16::try_from(self.sample).unwrap_or(0)
    }
}
