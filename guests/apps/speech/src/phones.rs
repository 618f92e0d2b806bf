//! The sounds of English and how they are made.

use Phone::{
    AA, AE, AH, AO, AW, AY, B, CH, D, DH, EH, ER, EY, F, G, HH, IH, IY, JH, K, L, M, N, NG, OW, OY, P, R, S,
    SH, T, TH, UH, UW, V, W, Y, Z, ZH,
};

/// A sound, by the names of the ARPABET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum Phone {
    /// Vowels as in beat, bit, bet, bat, box, bought, book, boot, but, bird.
    IY, IH, EH, AE, AA, AO, UH, UW, AH, ER,
    /// Diphthongs as in bait, bite, boat, bout, boy.
    EY, AY, OW, AW, OY,
    /// Sonorants.
    M, N, NG, L, R, W, Y,
    /// Fricatives.
    F, V, TH, DH, S, Z, SH, ZH, HH,
    /// Stops and affricates.
    P, B, T, D, K, G, CH, JH,
}

/// A stretch of time in which a voice aims at something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Segment {
    /// How long, in ms at an ordinary speed.
    pub(crate) ms: u32,
    /// The first three formants in Hz.
    pub(crate) formants: [f64; 3],
    /// Amplitude of the vocal folds, 0 to 1.
    pub(crate) voice: f64,
    /// Amplitude of breath at the glottis, 0 to 1.
    pub(crate) breath: f64,
    /// Amplitude of hiss at a constriction, 0 to 1, and the resonance before it with its bandwidth, in Hz.
    pub(crate) hiss: (f64, f64, f64),
    /// The nose is open.
    pub(crate) nasal: bool,
}

/// A voiced segment.
const fn voiced(ms: u32, formants: [f64; 3], voice: f64) -> Segment {
    Segment { ms, formants, voice, breath: 0.0, hiss: (0.0, 3000.0, 1000.0), nasal: false }
}

/// A segment with hiss.
const fn hissing(ms: u32, formants: [f64; 3], voice: f64, hiss: (f64, f64, f64)) -> Segment {
    Segment { ms, formants, voice, breath: 0.0, hiss, nasal: false }
}

const fn nasal(f2: f64) -> [Segment; 1] {
    [Segment { nasal: true, ..voiced(70, [300.0, f2, 2300.0], 0.5) }]
}

/// Closed lips or tongue, then a burst.
const fn stop(formants: [f64; 3], voice: f64, burst: (f64, f64, f64)) -> [Segment; 2] {
    let opening =
        Segment { breath: if voice == 0.0 { 0.4 } else { 0.0 }, ..hissing(20, formants, voice, burst) };
    [voiced(60, formants, 0.3 * voice), opening]
}

const fn affricate(voice: f64) -> [Segment; 2] {
    let formants = [300.0, 1800.0, 2700.0];
    [voiced(50, formants, 0.3 * voice), hissing(70, formants, voice, (0.7, 2700.0, 600.0))]
}

/// Formants of the vowels: means of men's voices as measured by Peterson and Barney (1952).
const BEAT: [f64; 3] = [270.0, 2290.0, 3010.0];
const BIT: [f64; 3] = [390.0, 1990.0, 2550.0];
const BET: [f64; 3] = [530.0, 1840.0, 2480.0];
const BAT: [f64; 3] = [660.0, 1720.0, 2410.0];
const BOX: [f64; 3] = [730.0, 1090.0, 2440.0];
const BOUGHT: [f64; 3] = [570.0, 840.0, 2410.0];
const BOOK: [f64; 3] = [440.0, 1020.0, 2240.0];
const BOOT: [f64; 3] = [300.0, 870.0, 2240.0];
const BUT: [f64; 3] = [640.0, 1190.0, 2390.0];
const BIRD: [f64; 3] = [490.0, 1350.0, 1690.0];

const LIPS: [f64; 3] = [250.0, 900.0, 2200.0];
const TEETH: [f64; 3] = [300.0, 1400.0, 2600.0];
const RIDGE: [f64; 3] = [300.0, 1700.0, 2600.0];
const PALATE: [f64; 3] = [300.0, 1900.0, 2600.0];
const VELUM: [f64; 3] = [300.0, 1900.0, 2300.0];

/// What a voice aims at, one thing after the other.
pub(crate) const fn segments(phone: Phone) -> &'static [Segment] {
    match phone {
        IY => &const { [voiced(130, BEAT, 1.0)] },
        IH => &const { [voiced(90, BIT, 1.0)] },
        EH => &const { [voiced(100, BET, 1.0)] },
        AE => &const { [voiced(130, BAT, 1.0)] },
        AA => &const { [voiced(140, BOX, 1.0)] },
        AO => &const { [voiced(140, BOUGHT, 1.0)] },
        UH => &const { [voiced(90, BOOK, 1.0)] },
        UW => &const { [voiced(130, BOOT, 1.0)] },
        AH => &const { [voiced(80, BUT, 1.0)] },
        ER => &const { [voiced(130, BIRD, 1.0)] },
        EY => &const { [voiced(80, BET, 1.0), voiced(70, BEAT, 0.9)] },
        AY => &const { [voiced(90, BOX, 1.0), voiced(80, BIT, 0.9)] },
        OW => &const { [voiced(80, BOUGHT, 1.0), voiced(80, BOOT, 0.9)] },
        AW => &const { [voiced(90, BAT, 1.0), voiced(80, BOOK, 0.9)] },
        OY => &const { [voiced(90, BOUGHT, 1.0), voiced(80, BIT, 0.9)] },
        M => &const { nasal(1000.0) },
        N => &const { nasal(1500.0) },
        NG => &const { nasal(2000.0) },
        L => &const { [voiced(70, [350.0, 1050.0, 2800.0], 0.7)] },
        R => &const { [voiced(70, [350.0, 1150.0, 1500.0], 0.7)] },
        W => &const { [voiced(70, [290.0, 650.0, 2150.0], 0.7)] },
        Y => &const { [voiced(60, [260.0, 2100.0, 3000.0], 0.7)] },
        F => &const { [hissing(100, LIPS, 0.0, (0.25, 4000.0, 2500.0))] },
        V => &const { [hissing(70, LIPS, 0.5, (0.12, 4000.0, 2500.0))] },
        TH => &const { [hissing(90, TEETH, 0.0, (0.2, 4400.0, 2000.0))] },
        DH => &const { [hissing(50, TEETH, 0.5, (0.1, 4400.0, 2000.0))] },
        S => &const { [hissing(110, RIDGE, 0.0, (0.8, 4300.0, 600.0))] },
        Z => &const { [hissing(80, RIDGE, 0.5, (0.4, 4300.0, 600.0))] },
        SH => &const { [hissing(110, PALATE, 0.0, (0.8, 2700.0, 600.0))] },
        ZH => &const { [hissing(80, PALATE, 0.5, (0.4, 2700.0, 600.0))] },
        HH => &const { [Segment { breath: 0.6, ..voiced(60, BUT, 0.0) }] },
        P => &const { stop(LIPS, 0.0, (0.4, 1000.0, 1500.0)) },
        B => &const { stop(LIPS, 0.6, (0.2, 1000.0, 1500.0)) },
        T => &const { stop(RIDGE, 0.0, (0.7, 4000.0, 1000.0)) },
        D => &const { stop(RIDGE, 0.6, (0.4, 4000.0, 1000.0)) },
        K => &const { stop(VELUM, 0.0, (0.6, 2000.0, 500.0)) },
        G => &const { stop(VELUM, 0.6, (0.3, 2000.0, 500.0)) },
        CH => &const { affricate(0.0) },
        JH => &const { affricate(0.5) },
    }
}

/// Whether it can carry an accent.
pub(crate) fn is_vowel(phone: Phone) -> bool {
    matches!(phone, IY | IH | EH | AE | AA | AO | UH | UW | AH | ER | EY | AY | OW | AW | OY)
}
