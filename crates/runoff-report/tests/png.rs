//! Plots as PNG, where they are built in.
#![cfg(feature = "png")]

mod common;

use std::io::Write as _;

use common::Shape;
use runoff_report::{Png, PngError};

#[test]
fn every_plot_is_drawn_with_its_text() {
    let png = match Png::new() {
        Ok(png) => png,
        Err(PngError::NoFont) => {
            // The harness shows what goes around its capture.
            let _ = writeln!(std::io::stderr(), "skipped: there is no font to draw with");
            return;
        }
        Err(other) => panic!("{other}"),
    };
    for (name, plot) in Shape::new(5, 2, 5).report().plots() {
        let picture = png.draw(&plot.standalone()).expect("a picture");
        assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n"), "{name}");
        // Width and height stand at bytes 16 and 20, big-endian.
        let width = u32::from_be_bytes(picture[16..20].try_into().expect("four bytes"));
        assert_eq!(width, 1200, "{name}");
        assert!(picture.len() > 8_000, "{name}: {} bytes are an empty picture", picture.len());
    }
}
