//! Encoder and decoder are two people's work, so each is a check of the other.

use runoff_guest_apps_inputs::{Picture, picture};

use crate::decode::decode;
use crate::encode::{Form, encode};

/// Ratio of peak to noise in decibels.
fn ratio(a: &Picture, b: &Picture) -> f64 {
    assert_eq!((a.width, a.height, a.rgb.len()), (b.width, b.height, b.rgb.len()));
    let squares: f64 = a.rgb.iter().zip(&b.rgb).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    let mean = squares / a.rgb.iter().map(|_| 1.0).sum::<f64>();
    10.0 * (255.0_f64.powi(2) / mean).log10()
}

#[test]
fn pictures_survive() {
    let truth = picture(3, 200, 120);
    let progressive = encode(&truth, Form::Progressive).expect("a file");
    let sequential = encode(&truth, Form::Sequential).expect("a file");
    assert!(progressive.len() < sequential.len() && sequential.len() < truth.rgb.len() / 5);
    let (a, b) = (decode(&progressive).expect("a picture"), decode(&sequential).expect("a picture"));
    // The same coefficients in another order.
    assert_eq!(a, b);
    assert!(ratio(&a, &truth) > 27.0, "{} dB", ratio(&a, &truth));
}

/// The markers of the two forms: SOF0 and SOF2, with 8 bits a sample and the size.
#[test]
fn headers_are_those_of_the_standard() {
    for (form, marker) in [(Form::Sequential, 0xc0), (Form::Progressive, 0xc2)] {
        let file = encode(&picture(3, 200, 120), form).expect("a file");
        assert_eq!((&file[..2], &file[file.len() - 2..]), (&[0xff, 0xd8][..], &[0xff, 0xd9][..]));
        let frame = [0xff, marker, 0, 17, 8, 0, 120, 0, 200, 3];
        assert!(file.windows(frame.len()).any(|w| w == frame), "{form:?}");
    }
}

/// One colour has no other coefficient than the mean of each block, so it comes back within rounding.
#[test]
fn one_colour_stays_what_it_is() {
    let rgb = [200, 60, 20].repeat(64 * 48);
    let truth = Picture { width: 64, height: 48, rgb };
    let seen = decode(&encode(&truth, Form::Sequential).expect("a file")).expect("a picture");
    assert!(truth.rgb.iter().zip(&seen.rgb).all(|(a, b)| a.abs_diff(*b) <= 4), "{:?}", &seen.rgb[..3]);
}

#[test]
fn what_is_no_picture_is_refused() {
    assert!(decode(b"no picture").is_err());
    let file = encode(&picture(3, 64, 64), Form::Sequential).expect("a file");
    assert!(decode(&file[..100]).is_err());
}
