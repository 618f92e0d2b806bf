//! Right answers.

use crate::client::{ask, get, post};
use crate::server::Server;
use crate::{RUNTIMES, UNTRUSTED, everywhere, folder, guests};

#[test]
fn every_abi_answers_right_on_every_runtime_of_this_process() {
    let (echo, echoes) = everywhere("echo", "echo", "content-type = \"text/x\"");
    let (wagi, wagis) = everywhere("wagi", "wagi", "abi = \"wagi\"\nenv = { OWN = \"mine\" }");
    let (call, calls) = everywhere("call", "call", "");
    let modules = [("echo", guests::ECHO), ("wagi", guests::WAGI), ("call", guests::CALL)];
    let runoff = folder(&modules, &format!("{RUNTIMES}{echo}{wagi}{call}"));
    let server = Server::start(&runoff);
    for route in &echoes {
        for body in [&b""[..], b"hello", &vec![7; 200_000]] {
            let answer = post(server.address, route, body);
            assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/x")), "{route}");
            assert!(answer.body == body, "{route}");
            assert_eq!(answer.tier(), route.strip_prefix("/echo/"), "{route}");
        }
    }
    for route in &wagis {
        let answer = ask(
            server.address,
            "PUT",
            &format!("{route}/be%20low?a=b"),
            "x-more: 1\r\nx_more: 2\r\nproxy: no\r\n",
            b"xy",
        );
        assert_eq!((answer.status, answer.header("x-own")), (201, Some("yes")), "{route}");
        let text = answer.text();
        let variables: Vec<&str> = text.trim_end_matches('\0').split('\0').collect();
        for expected in [
            "OWN=mine",
            "REQUEST_METHOD=PUT",
            "PATH_INFO=/be low",
            "QUERY_STRING=a=b",
            "HTTP_X_MORE=1",
            "CONTENT_LENGTH=2",
            "GATEWAY_INTERFACE=CGI/1.1",
        ] {
            assert!(variables.contains(&expected), "{route}: `{expected}` is not in {variables:?}");
        }
        assert!(!text.contains("HTTP_PROXY") && !text.contains("RUNOFF_HOME"), "{route}");
    }
    for route in &calls {
        // A fresh instance each time: its count of calls is nought.
        for _ in 0..3 {
            assert_eq!(post(server.address, route, b"abc").text(), "abc", "{route}");
        }
    }
    server.stop();
}

#[test]
fn stateless_instances_are_used_again_and_others_never() {
    // Instances belong to a thread: with one there is one of them.
    let config = "threads = 1\nruntimes = [\"wasmi/lazy\"]\n\
        [[function]]\nmodule = \"call.wasm\"\nstateless = true\nreuse-calls = 5";
    let runoff = folder(&[("call", guests::CALL)], config);
    let server = Server::start(&runoff);
    let answers: Vec<String> = (0..11).map(|_| post(server.address, "/call", b"a").text()).collect();
    // A trial that was given up may have been its first call.
    let first = ["a", "b", "c", "d", "e"].iter().position(|a| answers[0] == *a).expect("one of five calls");
    let expected: Vec<_> = ["a", "b", "c", "d", "e"].into_iter().cycle().skip(first).take(11).collect();
    assert_eq!(answers, expected);
    server.stop();
}

#[test]
fn a_folder_is_served_and_paths_are_whole_segments() {
    let runoff = folder(&[], "");
    runoff.write("fns/echo.wasm", guests::wasm(guests::ECHO));
    runoff.write("fns/call.wasm", guests::wasm(guests::CALL));
    let server = Server::with(&runoff, &[]);
    assert_eq!(get(server.address, "/echo").status, 404);
    server.stop();
    std::fs::remove_file(runoff.path("runoff.toml")).expect("gone");
    std::fs::rename(runoff.path("fns"), runoff.path("runoff.toml")).expect("a folder in its place");
    let server = Server::start(&runoff);
    assert_eq!(post(server.address, "/echo/deeper", b"x").text(), "x");
    assert_eq!(post(server.address, "/echoes", b"x").status, 404);
    assert_eq!(post(server.address, "/call", b"x").text(), "x");
    assert_eq!(get(server.address, "/healthz").text(), "ok\n");
    assert_eq!(get(server.address, "/readyz").status, 200);
    for runtime in UNTRUSTED {
        assert!(server.said.contains(runtime), "{}", server.said);
    }
    assert!(server.said.contains("wasm3") && server.said.contains("left out: "), "{}", server.said);
    server.stop();
}

#[test]
fn init_writes_what_serve_takes_and_keeps_what_is_there() {
    let runoff = crate::Runoff::new();
    assert_eq!(runoff.run(["init"]).0, 0);
    assert_eq!(runoff.run(["serve", "--check"]).0, 0);
    let (code, _, err) = runoff.run(["init"]);
    assert!(code == 2 && err.contains("is there already"), "{err}");
    let (code, _, err) = runoff.run(["serve", "nowhere.toml"]);
    assert!(code == 2 && err.contains("runoff init"), "{err}");
    runoff.write("runoff.toml", "[[function]]\nmodule = \"gone.wasm\"");
    let (code, _, err) = runoff.run(["serve"]);
    assert!(code == 2 && err.contains("function `gone`"), "{err}");
}
