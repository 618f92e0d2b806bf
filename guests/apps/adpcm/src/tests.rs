//! Against steps worked out by hand, and what the method promises.

use runoff_guest_apps_inputs::sound;

use crate::State;
use crate::decode::decode;
use crate::encode::encode;

/// With the first step, 7: 0 → code 0; then the code for +10 is 4 + 2 (7 + 3), heard as 7 + 3 + 0 = 10, and the
/// step moves up 6 places, to 13.
#[test]
fn steps_by_hand() {
    let mut state = State::default();
    assert_eq!(state.encode(0), 0);
    assert_eq!(state.encode(10), 6);
    let mut decoder = State::default();
    assert_eq!((decoder.decode(0), decoder.decode(6)), (0, 10));
    // From 10 with the step 13: −20 is −30 away, 13 + 6 + 3 = 22 is the most that three bits say, and 13 >> 3 is 1.
    assert_eq!(state.encode(-20), 15);
    assert_eq!(decoder.decode(15), 10 - 23);
}

/// The decoder hears exactly what the coder predicted, so a signal made of decoded samples codes to itself.
#[test]
fn decoded_sound_codes_to_itself() {
    let codes = encode(&sound(9, 20_000));
    let heard = decode(&codes);
    assert_eq!(decode(&encode(&heard)), heard);
}

/// 4 bits give a signal-to-noise ratio well above 15 dB on sound that is not hiss.
#[test]
fn what_is_heard_is_close() {
    let samples = sound(9, 40_000);
    let heard = decode(&encode(&samples));
    let power: f64 = samples.iter().map(|s| f64::from(*s).powi(2)).sum();
    let noise: f64 = samples.iter().zip(&heard).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    let ratio = 10.0 * (power / noise).log10();
    assert!(ratio > 15.0, "{ratio} dB");
}

#[test]
fn an_odd_sample_fills_half_a_byte() {
    assert_eq!(encode(&[0, 0, 0]).len(), 2);
    assert_eq!(decode(&[0x07]).len(), 2);
}
