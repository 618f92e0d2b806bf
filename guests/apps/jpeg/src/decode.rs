//! The decoder.

use runoff_guest_apps_inputs::{Picture, fnv64, numbers, picture, refuse};
use runoff_guest_program::{Io, say};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::encode::{Form, encode};
use crate::{USAGE, WANTED};

/// The picture in a JPEG file.
///
/// # Errors
/// Says what is wrong with the file.
pub fn decode(file: &[u8]) -> Result<Picture, String> {
    let options = DecoderOptions::default().set_use_unsafe(false).jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    let rgb = decoder.decode().map_err(|error| error.to_string())?;
    let info = decoder.info().ok_or("no size")?;
    Ok(Picture { width: info.width.into(), height: info.height.into(), rgb })
}

/// The program: `SIDE [TIMES]`; the file is sequential, as most are.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [side, times] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "jpeg-decode", &message, USAGE),
    };
    let file = match encode(&picture(11, side, side), Form::Sequential) {
        Ok(file) => file,
        Err(message) => return refuse(io, "jpeg-decode", &message, USAGE),
    };
    io.start();
    let mut result = decode(&file);
    for _ in 1..times {
        result = decode(&file);
    }
    io.end();
    match result {
        Ok(Picture { width, height, rgb }) => {
            let written = say!(io, "{} bytes to {width} x {height}: {:016x}\n", file.len(), fnv64(&rgb));
            i32::from(!written)
        }
        Err(message) => refuse(io, "jpeg-decode", &message, USAGE),
    }
}
