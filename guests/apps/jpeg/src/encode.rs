//! The encoder.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use runoff_guest_apps_inputs::{Picture, fnv64, numbers, picture, refuse};
use runoff_guest_program::{Io, say};

use crate::{QUALITY, USAGE, WANTED};

/// How a picture is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Row by row with the tables of the standard.
    Sequential,
    /// In scans that get finer, with tables made for the picture.
    Progressive,
}

/// The JPEG file of a picture, with colour at half the resolution.
///
/// # Errors
/// Says what the encoder objects to, which is a picture without pixels or with more than 65535 in a row.
pub fn encode(picture: &Picture, form: Form) -> Result<Vec<u8>, String> {
    let side = |n: usize| u16::try_from(n).map_err(|_| format!("{n} pixels in a row"));
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_progressive(form == Form::Progressive);
    encoder.set_optimized_huffman_tables(form == Form::Progressive);
    encoder
        .encode(&picture.rgb, side(picture.width)?, side(picture.height)?, ColorType::Rgb)
        .map_err(|error| error.to_string())?;
    Ok(file)
}

/// The program: `SIDE [TIMES]`, progressive with tables of its own, as the published benchmark asks for.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [side, times] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "jpeg-encode", &message, USAGE),
    };
    let picture = picture(11, side, side);
    io.start();
    let mut result = encode(&picture, Form::Progressive);
    for _ in 1..times {
        result = encode(&picture, Form::Progressive);
    }
    io.end();
    match result {
        Ok(file) => {
            let written = say!(io, "{side} x {side} to {} bytes: {:016x}\n", file.len(), fnv64(&file));
            i32::from(!written)
        }
        Err(message) => refuse(io, "jpeg-encode", &message, USAGE),
    }
}
