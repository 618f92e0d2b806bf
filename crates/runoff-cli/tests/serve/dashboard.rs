//! The dashboard, in a browser.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::browser::{self, Browser};
use crate::client::{ask, get, post};
use crate::server::{Server, token};
use crate::{Runoff, folder, guests};

fn served() -> (Runoff, Server) {
    let config = "[[function]]\nname = \"echo-with-a-name-that-is-rather-long-for-a-small-window\"\nroute = \"/echo\"\nmodule = \"echo.wasm\"\n\
        [[function]]\nmodule = \"trap.wasm\"\n\
        [[function]]\nname = \"hostile\"\nroute = \"/<img/src=x/onerror=alert(1)>\"\nmodule = \"trap.wasm\"\n";
    let runoff = folder(&[("echo", guests::ECHO), ("trap", guests::TRAP)], config);
    let server = Server::start(&runoff);
    for _ in 0..5 {
        assert_eq!(post(server.address, "/echo", b"x").status, 200);
        assert_eq!(post(server.address, "/trap", b"x").status, 500);
    }
    (runoff, server)
}

#[test]
fn the_page_is_there_for_anybody_and_its_data_for_the_token() {
    let (runoff, server) = served();
    for path in ["/", "/dashboard.js", "/dashboard.css"] {
        let answer = get(server.admin, path);
        assert_eq!(answer.status, 200, "{path}");
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        for outside in ["http://", "https://", "innerHTML", "eval("] {
            assert!(!answer.text().contains(outside), "{outside} in {path}");
        }
    }
    assert_eq!(get(server.admin, "/overview").status, 401);
    let bearer = format!("authorization: Bearer {}\r\n", token(&runoff));
    let answer = ask(server.admin, "GET", "/overview", &bearer, b"");
    let overview: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let functions = overview["functions"].as_array().expect("functions");
    assert_eq!(functions.len(), 3);
    let trap = functions.iter().find(|f| f["name"] == "trap").expect("a function");
    assert_eq!((&trap["runs"], &trap["errors"]), (&5.into(), &5.into()), "{trap}");
    for f in functions.iter().filter(|f| f["name"] != "hostile") {
        let took = &f["latency_ms"];
        assert!(took["p50"].as_f64() > Some(0.0) && took["p99"].as_f64() >= took["p50"].as_f64(), "{f}");
    }
    server.stop();
}

#[test]
fn the_dashboard_works_in_a_browser() {
    let Some(program) = browser::find() else {
        crate::skip("the dashboard in a browser: no Chromium (RUNOFF_BROWSER says where one is)");
        return;
    };
    let (runoff, server) = served();
    let mut browser = Browser::start(&program);
    browser.size(1280, 900);
    browser.visit(&format!("http://{}/", server.admin));
    // Without a token there is a form, reached with the keyboard.
    assert_eq!(browser.eval("document.activeElement.id"), "token");
    assert_eq!(browser.eval("document.getElementById('shown').hidden"), true);
    assert_eq!(browser.eval("document.querySelector('label[for=token]').textContent"), "Admin token");
    browser.eval(&format!("document.getElementById('token').value = '{}'", token(&runoff)));
    browser.press("Enter", 13, "\r");
    let wait = |browser: &mut Browser, what: &str| {
        let end = Instant::now() + Duration::from_secs(20);
        while browser.eval(what) != true {
            assert!(Instant::now() < end, "waited for {what}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    wait(&mut browser, "document.querySelectorAll('#functions tbody tr').length === 3");
    let text = browser.eval("document.querySelector('#functions').innerText");
    let text = text.as_str().expect("text");
    assert!(text.contains("/<img/src=x/onerror=alert(1)>"), "{text}");
    assert_eq!(browser.eval("document.querySelectorAll('#functions img').length"), 0);
    // Live: more runs show by themselves, and what is open stays open and focused.
    browser.eval("document.querySelector('#functions summary').focus()");
    browser.press("Enter", 13, "\r");
    assert_eq!(browser.eval("document.querySelector('#functions details').open"), true);
    for _ in 0..7 {
        post(server.address, "/echo", b"x");
    }
    wait(&mut browser, "document.querySelector('#functions tbody tr').cells[3].textContent === '12'");
    assert_eq!(browser.eval("document.querySelector('#functions details').open"), true);
    assert_eq!(browser.eval("document.activeElement.tagName"), "SUMMARY");
    // The token outlives a reload of the page, not the tab.
    browser.visit(&format!("http://{}/", server.admin));
    wait(&mut browser, "document.querySelectorAll('#functions tbody tr').length === 3");
    assert_eq!(browser.eval("localStorage.length"), 0);
    // Small, and dark.
    browser.size(360, 740);
    wait(&mut browser, "document.documentElement.clientWidth === 360");
    let wide = browser.eval("document.documentElement.scrollWidth");
    assert!(wide.as_f64() <= Some(360.0), "{wide} wide");
    let label = "getComputedStyle(document.querySelector('#functions td'), '::before').content";
    assert_eq!(browser.eval(label), "\"Runs on\"");
    let ground = "getComputedStyle(document.body).backgroundColor";
    assert_eq!(browser.eval(ground), "rgb(255, 255, 255)");
    browser.dark(true);
    assert_eq!(browser.eval(ground), "rgb(20, 23, 26)");
    // For those who hear it: each table has a caption, each row and column a head, and news is announced.
    let names = "[...document.querySelectorAll('table')].every(t => t.caption && t.querySelector('tbody th[scope=row]'))";
    assert_eq!(browser.eval(names), true);
    assert_eq!(browser.eval("document.querySelector('[role=status]').getAttribute('aria-live')"), "polite");
    assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);
    let own = format!("http://{}/", server.admin);
    let outside: Vec<_> =
        browser.requests.iter().filter(|url| !url.starts_with(&own) && !url.starts_with("data:")).collect();
    assert!(outside.is_empty(), "{outside:?}");
    // Forgotten, it is asked for again.
    browser.eval("document.getElementById('forget').click()");
    assert_eq!(browser.eval("document.activeElement.id"), "token");
    assert_eq!(browser.eval("sessionStorage.length"), 0);
    server.stop();
}
