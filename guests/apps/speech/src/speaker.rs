//! From words to frames: durations, pitch, and the movement from one target to the next.

use crate::klatt::{FRAME, Frame, Synthesiser};
use crate::letters::{Word, words};
use crate::phones::{Phone, Segment, is_vowel, segments};

/// Pitch at the beginning and at the end of a sentence, and how much an accent adds, in Hz.
const HIGH: f64 = 130.0;
const LOW: f64 = 90.0;
const ACCENT: f64 = 15.0;

/// What part of the way to its target a parameter goes in a frame: the tongue is slower than the folds.
const TONGUE: f64 = 0.18;
const FOLDS: f64 = 0.4;

const QUIET: Segment = Segment {
    ms: 0,
    formants: [500.0, 1500.0, 2500.0],
    voice: 0.0,
    breath: 0.0,
    hiss: (0.0, 3000.0, 1000.0),
    nasal: false,
};

/// Reads a text; gives the samples in pieces of 5 ms.
pub(crate) fn speak(text: &str, heard: &mut dyn FnMut(&[i16; FRAME])) {
    let mut voice = Voice::new();
    let mut sentence = Vec::new();
    for word in words(text) {
        let last = word.last;
        sentence.push(word);
        if last {
            voice.sentence(&sentence, heard);
            sentence.clear();
        }
    }
    voice.sentence(&sentence, heard);
}

struct Voice {
    synthesiser: Synthesiser,
    now: Frame,
}

impl Voice {
    fn new() -> Self {
        let now = Frame {
            pitch: HIGH,
            formants: QUIET.formants,
            voice: 0.0,
            breath: 0.0,
            hiss: 0.0,
            hiss_at: (QUIET.hiss.1, QUIET.hiss.2),
            nasal_zero: 270.0,
        };
        Self { synthesiser: Synthesiser::default(), now }
    }

    /// Pitch falls from word to word; the first vowel of a word is accented.
    fn sentence(&mut self, words: &[Word], heard: &mut dyn FnMut(&[i16; FRAME])) {
        let count = words.iter().fold(0.0, |n, _| n + 1.0);
        let mut place = 0.0;
        for word in words {
            let base = HIGH + (LOW - HIGH) * place / count;
            place += 1.0;
            let accent = word.phones.iter().position(|p| is_vowel(*p));
            for (index, phone) in word.phones.iter().enumerate() {
                let pitch = if accent == Some(index) { base + ACCENT } else { base };
                self.phone(*phone, pitch, heard);
            }
            self.aim(&Segment { ms: word.pause, ..QUIET }, base, heard);
        }
    }

    fn phone(&mut self, phone: Phone, pitch: f64, heard: &mut dyn FnMut(&[i16; FRAME])) {
        for segment in segments(phone) {
            self.aim(segment, pitch, heard);
        }
    }

    fn aim(&mut self, at: &Segment, pitch: f64, heard: &mut dyn FnMut(&[i16; FRAME])) {
        let go = |now: &mut f64, target: f64, part: f64| *now += (target - *now) * part;
        for _ in 0..at.ms / 5 {
            let now = &mut self.now;
            go(&mut now.pitch, pitch, 0.1);
            for (now, target) in now.formants.iter_mut().zip(at.formants) {
                go(now, target, TONGUE);
            }
            go(&mut now.voice, at.voice, FOLDS);
            go(&mut now.breath, at.breath, FOLDS);
            go(&mut now.hiss, at.hiss.0, FOLDS);
            now.hiss_at = (at.hiss.1, at.hiss.2);
            go(&mut now.nasal_zero, if at.nasal { 450.0 } else { 270.0 }, FOLDS);
            heard(&self.synthesiser.frame(&self.now));
        }
    }
}
