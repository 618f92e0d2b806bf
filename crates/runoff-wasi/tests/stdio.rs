//! Standard streams, and buffers that lie.

mod harness;

use std::fs;

use harness::{BADF, FAULT, Guest, INVAL, SPIPE, SUCCESS};
use runoff_runtime::HostFailure;
use runoff_wasi::{Input, Output, Wasi, WasiConfig, WasiError};

const FAR: u64 = u32::MAX as u64;

#[test]
fn input_is_handed_on_in_order_and_ends() {
    let mut guest = Guest::new(&WasiConfig::new().stdin_bytes(*b"first line\n"));
    assert_eq!(guest.read_pieces(0, &[3, 0, 2], None), Ok(b"first".to_vec()));
    assert_eq!(guest.read_pieces(0, &[], None), Ok(Vec::new()));
    assert_eq!(guest.read_pieces(0, &[0], None), Ok(Vec::new()));
    assert_eq!(guest.read_pieces(0, &[1, 100, 100], None), Ok(b" line\n".to_vec()));
    assert_eq!(guest.read(0), Ok(Vec::new()));
    assert_eq!(Guest::new(&WasiConfig::new()).read(0), Ok(Vec::new()), "no input is an empty one");
}

#[test]
fn long_input_arrives_whole_through_several_buffers() {
    let input: Vec<u8> = (0..200_000_u32).map(|i| (i % 251) as u8).collect();
    let mut guest = Guest::with_memory(&WasiConfig::new().stdin_bytes(input.clone()), 1 << 20);
    let mut read = Vec::new();
    loop {
        let piece = guest.read_pieces(0, &[70_000, 1, 5_000], None).expect("input");
        if piece.is_empty() {
            break;
        }
        read.extend(piece);
    }
    assert!(read == input, "{} of {} bytes", read.len(), input.len());
}

/// A terminal or pipe that has less than was asked for must not make the guest wait.
#[test]
fn a_stream_that_has_something_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    // Open for both, so that opening waits for nobody and the pipe never ends.
    let mut writer = fs::File::options().read(true).write(true).open(&pipe).expect("the pipe");
    let mut guest = Guest::new(&WasiConfig::new().stdin(Input::File(pipe)));
    std::io::Write::write_all(&mut writer, b"line").expect("room in the pipe");
    assert_eq!(guest.read_pieces(0, &[4, 100], None), Ok(b"line".to_vec()));
}

#[test]
fn streams_can_be_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let [input, output] = ["in", "out"].map(|name| folder.path().join(name));
    fs::write(&input, "from a file").expect("a file");
    fs::write(&output, "an older and longer text").expect("a file");
    let mut guest = Guest::new(
        &WasiConfig::new()
            .stdin(Input::File(input))
            .stdout(Output::File(output.clone()))
            .stderr(Output::Discard),
    );
    assert_eq!(guest.read(0), Ok(b"from a file".to_vec()));
    assert_eq!(guest.write_pieces(1, &[b"to ", b"", b"a file"], None), Ok(9));
    assert_eq!(guest.write(2, b"to nobody"), Ok(9));
    assert_eq!(fs::read(output).expect("the file"), b"to a file");
    let missing = WasiConfig::new().stdin(Input::File(folder.path().join("missing")));
    assert!(matches!(Wasi::new(&missing), Err(WasiError::Stream { .. })));
}

#[test]
fn output_is_captured_stream_by_stream() {
    let mut guest = Guest::new(&WasiConfig::new());
    assert_eq!(guest.write_pieces(1, &[b"", b"standard ", b"output"], None), Ok(15));
    assert_eq!(guest.write(2, b"error"), Ok(5));
    assert_eq!((guest.stdout(), guest.stderr()), (b"standard output".to_vec(), b"error".to_vec()));
}

#[test]
fn more_output_than_allowed_ends_the_guest() {
    let mut guest = Guest::new(&WasiConfig::new().stdout(Output::Capture(10)));
    assert_eq!(guest.write(1, b"1234567890"), Ok(10));
    assert_eq!(guest.write(1, b""), Ok(0));
    assert!(matches!(guest.write(1, b"x"), Err(Err(HostFailure::Failed(_)))));
    assert_eq!(guest.stdout(), b"1234567890");
    assert_eq!(guest.write(2, b"still works"), Ok(11));
}

#[test]
fn streams_go_one_way_and_have_no_position() {
    let mut guest = Guest::new(&WasiConfig::new());
    assert_eq!(guest.write(0, b"x"), Err(BADF));
    for fd in [1, 2] {
        assert_eq!(guest.read(fd), Err(BADF));
    }
    for fd in 0..3 {
        assert_eq!(guest.seek(fd, 0, 1), Err(SPIPE));
        assert_eq!(guest.tell(fd), Err(SPIPE));
        assert_eq!(guest.call("fd_filestat_set_times", &[fd, 0, 0, 0]), BADF);
        assert_eq!(guest.stat_fd(fd).map(|stat| stat.ty), Ok(2), "a character device");
    }
    assert_eq!(guest.read_pieces(0, &[4], Some(0)), Err(SPIPE));
    assert_eq!(guest.write_pieces(1, &[b"x"], Some(0)), Err(SPIPE));
    assert_eq!(guest.stdout(), b"");
}

#[test]
fn a_closed_stream_stays_closed_until_its_number_is_given_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut guest = Guest::new(&WasiConfig::new().preopen(folder.path(), "/"));
    assert_eq!(guest.close(1), SUCCESS);
    assert_eq!(guest.write(1, b"x"), Err(BADF));
    assert_eq!(guest.close(1), BADF);
    guest.save("file", b"");
    assert_eq!(guest.open("file", 0, harness::ALL_RIGHTS), Ok(1), "the lowest free number");
    assert_eq!(guest.write(1, b"into the file"), Ok(13));
    assert_eq!((guest.stdout(), guest.load("file")), (Vec::new(), Ok(b"into the file".to_vec())));
}

#[test]
fn buffers_outside_memory_are_faults_and_nothing_is_moved() {
    let mut guest = Guest::new(&WasiConfig::new().stdin_bytes(*b"input"));
    for buffer in [(60_000, 10_000), (65_537, 0), (u32::MAX, u32::MAX), (0, u32::MAX), (u32::MAX, 1)] {
        // Also behind a good one.
        for buffers in [&[buffer][..], &[(0, 3), buffer]] {
            let (table, count) = guest.vectors(buffers);
            assert_eq!(guest.call("fd_write", &[1, table, count, 16]), FAULT, "{buffers:?}");
            assert_eq!(guest.call("fd_read", &[0, table, count, 16]), FAULT, "{buffers:?}");
        }
    }
    // The table itself: cut off by the end of memory, behind it, wrapping around.
    for table in [65_530, 65_536, FAR, FAR - 7] {
        assert_eq!(guest.call("fd_write", &[1, table, 1, 16]), FAULT, "{table}");
        assert_eq!(guest.call("fd_read", &[0, table, 1, 16]), FAULT, "{table}");
    }
    assert_eq!(guest.stdout(), b"");
    assert_eq!(guest.read(0), Ok(b"input".to_vec()), "no input was lost");
}

#[test]
fn as_many_buffers_as_systems_allow() {
    let mut guest = Guest::new(&WasiConfig::new().stdin_bytes([b'x'; 2_000]));
    guest.memory[0] = b'.';
    let (table, count) = guest.vectors(&[(0, 1); 1_024]);
    assert_eq!(guest.call("fd_write", &[1, table, count, 39_000]), SUCCESS);
    assert_eq!((guest.u32(39_000), guest.stdout()), (1_024, vec![b'.'; 1_024]));
    assert_eq!(guest.call("fd_read", &[0, table, count, 39_000]), SUCCESS);
    assert_eq!(guest.u32(39_000), 1_024);
    for count in [1_025, 1 << 29, 1 << 31, FAR] {
        assert_eq!(guest.call("fd_write", &[1, table, count, 39_000]), INVAL, "{count}");
        assert_eq!(guest.call("fd_read", &[0, table, count, 39_000]), INVAL, "{count}");
    }
}

#[test]
fn overlapping_buffers_with_more_bytes_than_can_be_answered_are_refused() {
    let mut guest = Guest::with_memory(&WasiConfig::new().stdout(Output::Discard), 8 << 20);
    let most = (8 << 20) - 1;
    let (table, count) = guest.vectors(&[(0, most); 513]);
    for call in ["fd_write", "fd_read"] {
        let fd = u64::from(call == "fd_write");
        assert_eq!(guest.call(call, &[fd, table, count, 39_000]), INVAL, "{call}");
    }
}

#[test]
fn where_the_number_of_bytes_goes_is_checked_too() {
    let mut guest = Guest::new(&WasiConfig::new());
    let (table, count) = guest.vectors(&[]);
    for at in [65_533, 65_536, FAR, FAR - 3] {
        assert_eq!(guest.call("fd_write", &[1, table, count, at]), FAULT, "{at}");
        assert_eq!(guest.call("fd_read", &[0, table, count, at]), FAULT, "{at}");
    }
}
