//! Sound: notes that fade.

use crate::Random;

/// This many 16-bit samples, meant for 8000 a second: three voices of notes with harmonics, and some hiss.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "samples are clamped to 16 bits")]
pub fn sound(seed: u64, samples: usize) -> Vec<i16> {
    let mut random = Random::new(seed);
    let mut voices = [Voice::default(), Voice::default(), Voice::default()];
    (0..samples)
        .map(|_| {
            let mixed: f64 = voices.iter_mut().map(|voice| voice.next(&mut random)).sum();
            let hiss = random.within(-60.0, 60.0);
            (mixed * 7000.0 + hiss).clamp(-32768.0, 32767.0) as i16
        })
        .collect()
}

/// One note at a time.
#[derive(Default)]
struct Voice {
    left: u32,
    phase: f64,
    step: f64,
    level: f64,
}

impl Voice {
    fn next(&mut self, random: &mut Random) -> f64 {
        if self.left == 0 {
            self.left = 800 + random.below(4000);
            self.step = random.within(80.0, 900.0) / 8000.0;
            self.level = random.within(0.4, 1.0);
        }
        self.left -= 1;
        self.level *= 0.9996;
        self.phase += self.step;
        self.phase -= self.phase.floor();
        self.level * (wave(self.phase) + 0.4 * wave(2.0 * self.phase) + 0.2 * wave(3.0 * self.phase))
    }
}

/// Two parabolas in place of a sine wave, which no two mathematical libraries compute alike.
fn wave(phase: f64) -> f64 {
    let x = 2.0 * (phase - phase.floor()) - 1.0;
    4.0 * x * (1.0 - x.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_is_loud_but_not_clipped_and_without_offset() {
        let sound = sound(1, 80_000);
        let sum: i64 = sound.iter().map(|s| i64::from(*s)).sum();
        assert!((sum / 80_000).abs() < 100, "{sum}");
        let loud = sound.iter().filter(|s| s.unsigned_abs() > 3000).count();
        let clipped = sound.iter().filter(|s| s.unsigned_abs() >= 32767).count();
        assert!(loud > 20_000 && clipped < 80, "{loud} {clipped}");
    }
}
