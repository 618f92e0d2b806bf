//! Twins of the characterisation programs. Where two workloads are one module with other arguments, the first of them
//! names the twin of both.

use runoff_runtimes::native::TwinBody;

use super::Named;

pub(super) const TWINS: &[Named] = &[
    command!("apps/adpcm-decode", runoff_guest_apps_adpcm::decode::main),
    command!("apps/adpcm-encode", runoff_guest_apps_adpcm::encode::main),
    command!("apps/aes-decrypt", runoff_guest_apps_aes::main),
    command!("apps/basicmath", runoff_guest_apps_kernels::basicmath::main),
    command!("apps/bitcount", runoff_guest_apps_kernels::bitcount::main),
    command!("apps/blowfish-decrypt", runoff_guest_apps_blowfish::main),
    command!("apps/bzip2-compress", runoff_guest_apps_bzip2::main),
    command!("apps/chess", runoff_guest_apps_chess::main),
    command!("apps/crc32", runoff_guest_apps_crc32::main),
    command!("apps/database", runoff_guest_apps_database::main),
    command!("apps/digits", runoff_guest_apps_kernels::digits::main),
    command!("apps/faces", runoff_guest_apps_faces::main),
    command!("apps/fannkuch", runoff_guest_apps_kernels::fannkuch::main),
    command!("apps/hashset", runoff_guest_apps_kernels::hashset::main),
    command!("apps/jpeg-decode", runoff_guest_apps_jpeg::decode::main),
    command!("apps/jpeg-encode", runoff_guest_apps_jpeg::encode::main),
    command!("apps/json", runoff_guest_apps_records::json::main),
    command!("apps/levenshtein", runoff_guest_apps_kernels::levenshtein::main),
    command!("apps/life", runoff_guest_apps_kernels::life::main),
    command!("apps/loops", runoff_guest_apps_kernels::loops::main),
    command!("apps/mandelbrot", runoff_guest_apps_kernels::mandelbrot::main),
    command!("apps/markdown", runoff_guest_apps_text::markdown::main),
    command!("apps/queens", runoff_guest_apps_kernels::queens::main),
    command!("apps/quicksort", runoff_guest_apps_kernels::quicksort::main),
    command!("apps/raytrace", runoff_guest_apps_kernels::raytrace::main),
    command!("apps/records", runoff_guest_apps_records::records::main),
    command!("apps/regex", runoff_guest_apps_text::regex::main),
    command!("apps/script", runoff_guest_apps_script::main),
    command!("apps/sha", runoff_guest_apps_sha::main),
    command!("apps/snappy", runoff_guest_apps_snappy::main),
    command!("apps/spectral", runoff_guest_apps_kernels::spectral::main),
    command!("apps/speech", runoff_guest_apps_speech::main),
    command!("apps/stringsearch", runoff_guest_apps_kernels::stringsearch::main),
];
