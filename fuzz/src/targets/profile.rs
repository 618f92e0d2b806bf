//! Profiles: what could be read can be written and read again.

use runoff_data::Profile;

pub(crate) fn run(bytes: &[u8]) {
    let Ok(profile) = serde_json::from_slice::<Profile>(bytes) else { return };
    let again = serde_json::to_vec(&profile).expect("what was read can be written");
    assert_eq!(serde_json::from_slice::<Profile>(&again).expect("and read again"), profile);
}
