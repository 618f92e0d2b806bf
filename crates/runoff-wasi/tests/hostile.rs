//! Whatever a guest calls, in whatever order, with whatever arguments.

mod harness;

use std::time::Duration;

use harness::{
    ABSOLUTE_LINKS, CANARY, CREATE, DIRECTORY, EXCLUSIVE, Guest, LINKS_OUT, TRUNCATE, World, frozen,
    knows_a_secret,
};
use proptest::prelude::*;
use runoff_wasi::Input;

/// Every function with a pattern of its arguments: `d` a directory, `f` any descriptor, `x` one to lose, `pp` a path (address and length), `vv` a
/// table of buffers (address and number), `a` an address, `o` how to open, `r` rights, `#` a small number, `$` any
/// number.
const CALLS: [(&str, &str); 46] = [
    ("args_get", "aa"),
    ("args_sizes_get", "aa"),
    ("clock_res_get", "#a"),
    ("clock_time_get", "#$a"),
    ("environ_get", "aa"),
    ("environ_sizes_get", "aa"),
    ("fd_advise", "f$$#"),
    ("fd_allocate", "f##"),
    ("fd_close", "x"),
    ("fd_datasync", "f"),
    ("fd_fdstat_get", "fa"),
    ("fd_fdstat_set_flags", "f#"),
    ("fd_fdstat_set_rights", "f$$"),
    ("fd_filestat_get", "fa"),
    ("fd_filestat_set_size", "f#"),
    ("fd_filestat_set_times", "f$$#"),
    ("fd_pread", "fvv#a"),
    ("fd_prestat_dir_name", "faa"),
    ("fd_prestat_get", "fa"),
    ("fd_pwrite", "fvv#a"),
    ("fd_read", "fvva"),
    ("fd_readdir", "daa#a"),
    ("fd_renumber", "xf"),
    ("fd_seek", "f$#a"),
    ("fd_sync", "f"),
    ("fd_tell", "fa"),
    ("fd_write", "fvva"),
    ("path_create_directory", "dpp"),
    ("path_filestat_get", "d#ppa"),
    ("path_filestat_set_times", "d#pp$$#"),
    ("path_link", "d#ppdpp"),
    ("path_open", "d#pporr#a"),
    ("path_readlink", "dppaaa"),
    ("path_remove_directory", "dpp"),
    ("path_rename", "dppdpp"),
    ("path_symlink", "ppdpp"),
    ("path_unlink_file", "dpp"),
    ("poll_oneoff", "aa#a"),
    ("proc_exit", "$"),
    ("proc_raise", "#"),
    ("random_get", "aa"),
    ("sched_yield", ""),
    ("sock_accept", "f#a"),
    ("sock_recv", "fvv#aa"),
    ("sock_send", "fvv#a"),
    ("sock_shutdown", "f#"),
];

/// Paths inside, out, and over every link; more arise from what the guest makes.
fn paths(world: &World) -> Vec<String> {
    let outside = world.outside.to_str().expect("a plain path");
    let mut found: Vec<String> =
        LINKS_OUT.iter().map(|(link, _)| *link).chain(ABSOLUTE_LINKS).map(Into::into).collect();
    found.extend(found.clone().iter().map(|link| format!("{link}/{CANARY}")));
    found.extend([outside.into(), format!("{outside}/{CANARY}"), format!("../outside/{CANARY}")]);
    // Several times, so that most calls get somewhere.
    for inside in ["file", "dir", "dir/deep", ".", "new", "a"] {
        found.extend([(); 6].map(|()| inside.to_owned()));
    }
    for inside in ["dir/deep/new", "a/new", "..", "a/..", "dir/", ""] {
        found.extend([(); 2].map(|()| inside.to_owned()));
    }
    found
}

/// Fits random numbers to a pattern, and puts what they refer to into memory.
fn arguments(guest: &mut Guest, pattern: &str, paths: &[String], random: &[u64]) -> Vec<u64> {
    let mut args: Vec<u64> = Vec::new();
    let mut second = None;
    for (kind, bits) in pattern.chars().zip(random.iter().copied()) {
        let address = if bits % 11 == 0 { bits } else { bits % 66_000 };
        args.push(match (kind, second.take()) {
            ('p' | 'v', Some(second)) => second,
            ('p', None) => {
                let path = &paths[(bits % paths.len() as u64) as usize];
                // Two paths of one call never share a place, and wrong lengths are only too long: a path cut
                // short could name something real.
                let place = 5_000 + args.len() / 3 * 18_000 + (bits >> 8) as usize % 30 * 512;
                let (at, length) = guest.put(place, path.as_bytes());
                second = Some(if bits % 31 == 0 { length.max(bits >> 40) } else { length });
                at
            }
            ('v', None) => {
                let length = if bits % 7 == 0 { (bits >> 16) as u32 } else { (bits >> 16) as u32 % 300 };
                let (table, count) =
                    guest.vectors(&[(address as u32, length), ((bits >> 32) as u32 % 60_000, 9)]);
                second = Some(if bits % 31 == 0 { bits >> 33 } else { count });
                table
            }
            ('d', _) => [3, 3, 3, 3, 3, 4, 4, 5, 7, 8, 99][(bits % 11) as usize],
            ('f', _) => [6, 6, 6, 7, 7, 8, 9, 0, 1, 3, 99][(bits % 11) as usize],
            ('x', _) => [6, 7, 8, 9, 10, 11, 0, 1, 3, 99][(bits % 10) as usize],
            ('a', _) => address,
            ('#', _) => {
                if bits % 17 == 0 {
                    bits % 70_000
                } else {
                    bits % 16
                }
            }
            ('o', _) => [0, 0, 0, CREATE, CREATE, DIRECTORY, TRUNCATE, CREATE | EXCLUSIVE, bits % 32]
                [(bits % 9) as usize],
            ('r', _) => {
                if bits % 2 == 0 {
                    harness::ALL_RIGHTS
                } else {
                    harness::NO_WRITING & bits
                }
            }
            _ => bits,
        });
    }
    args
}

/// A function, as an index; those with paths more often.
fn call() -> impl Strategy<Value = usize> {
    let paths: Vec<usize> = (0..CALLS.len()).filter(|i| CALLS[*i].0.starts_with("path_")).collect();
    prop_oneof![0..CALLS.len(), prop::sample::select(paths)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// No panic, nothing outside changed or read, memory as large as before.
    #[test]
    fn no_sequence_of_calls_gets_out(
        steps in prop::collection::vec((call(), prop::array::uniform10(any::<u64>())), 1..150)
    ) {
        let world = World::with_links();
        let paths = paths(&world);
        let input = Input::Bytes(vec![b'x'; 5_000].into());
        // Descriptors 3, 4 and 5.
        let config = world.config().preopen(world.inside.join("dir"), "/dir").preopen_read_only(&world.inside, "/read");
        let config = config.arg("prog").env("K", "v").stdin(input);
        let mut guest = Guest::new(&config.max_sleep(Duration::ZERO).clocks(frozen()));
        prop_assert_eq!(guest.open("file", 0, harness::ALL_RIGHTS), Ok(6));
        for (call, random) in steps {
            let (name, pattern) = CALLS[call];
            let args = arguments(&mut guest, pattern, &paths, &random);
            let answer = guest.call(name, &args);
            prop_assert!(answer.as_ref().map_or(true, |errno| *errno <= 76), "{} {:?}: {:?}", name, args, answer);
            prop_assert_eq!(guest.memory.len(), 65_536);
            prop_assert!(name != "path_open" || !world.is_open_outside(), "{:?}", args);
            prop_assert!(!knows_a_secret(&guest), "{} {:?}", name, args);
        }
        world.check(&guest, "some call");
    }
}

#[test]
fn the_patterns_are_those_of_all_functions() {
    let mut patterns: Vec<_> =
        CALLS.iter().map(|(name, pattern)| ((*name).to_owned(), pattern.len())).collect();
    patterns.sort();
    assert_eq!(patterns, World::new().guest().functions());
}
