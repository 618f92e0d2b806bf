//! Twins of the characterisation programs. Where two workloads are one module with other arguments, the first of them
//! names the twin of both.

use runoff_runtimes::native::TwinBody;

use super::Named;

pub(super) const TWINS: &[Named] = &[
    command!("apps/adpcm-decode", runoff_guest_apps_adpcm::decode::main),
    command!("apps/adpcm-encode", runoff_guest_apps_adpcm::encode::main),
    command!("apps/aes-decrypt", runoff_guest_apps_aes::main),
    command!("apps/blowfish-decrypt", runoff_guest_apps_blowfish::main),
    command!("apps/bzip2-compress", runoff_guest_apps_bzip2::main),
    command!("apps/crc32", runoff_guest_apps_crc32::main),
    command!("apps/faces", runoff_guest_apps_faces::main),
    command!("apps/jpeg-decode", runoff_guest_apps_jpeg::decode::main),
    command!("apps/jpeg-encode", runoff_guest_apps_jpeg::encode::main),
    command!("apps/sha", runoff_guest_apps_sha::main),
    command!("apps/snappy", runoff_guest_apps_snappy::main),
    command!("apps/speech", runoff_guest_apps_speech::main),
];
