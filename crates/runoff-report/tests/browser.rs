//! The report in a real browser. Skipped, and said so, where none is found.

mod common;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::Shape;
use common::browser::{Browser, find};
use runoff_experiment::{Experiment, Results};
use runoff_report::{Chapter, Report, Studies, experiment_chapter};
use serde_json::json;
use tempfile::TempDir;

/// A browser with the report open, or `None` where there is no browser.
fn opened(report: &Report) -> Option<(Browser, TempDir, PathBuf)> {
    opened_page(&report.html())
}

fn opened_page(html: &str) -> Option<(Browser, TempDir, PathBuf)> {
    let Some(program) = find() else {
        // The harness shows what goes around its capture.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: no Chromium found; install one or name it in RUNOFF_BROWSER"
        );
        return None;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.html");
    fs::write(&path, html).expect("a file");
    let mut browser = Browser::start(&program);
    browser.size(1280, 900);
    browser.open(&path);
    Some((browser, folder, path))
}

/// Nothing was complained about, and nothing was loaded but the file.
fn quiet(browser: &Browser) {
    assert!(browser.complaints.is_empty(), "{:#?}", browser.complaints);
    let outside: Vec<_> = browser.requests.iter().filter(|r| !r.starts_with("file:")).collect();
    assert!(outside.is_empty(), "{outside:?}");
}

const FIRST_COLUMN: &str =
    "[...document.querySelectorAll('#t1 tbody tr')].filter(r => !r.hidden).map(r => r.cells[0].textContent)";

#[test]
fn tables_sort_and_filter_with_mouse_and_keyboard() {
    let Some((mut browser, ..)) = opened(&Shape::new(6, 3, 6).report()) else { return };
    assert_eq!(browser.eval("document.title"), "A report");
    assert!(browser.eval("document.querySelectorAll('figure svg').length").as_u64() > Some(15));
    // By number: the call, which is not the text's order.
    let heads = "[...document.querySelectorAll('#t1 thead th')]";
    let call = format!("{heads}.find(h => h.textContent === 'call')");
    browser.eval(&format!("{call}.querySelector('button').click()"));
    assert_eq!(browser.eval(&format!("{call}.getAttribute('aria-sort')")), "ascending");
    let values = "[...document.querySelectorAll('#t1 tbody tr')].map(r => r.cells[2].dataset.v).filter(v => v !== undefined).map(Number)";
    let rising = format!("{values}.every((v, i, a) => i === 0 || a[i - 1] <= v)");
    assert_eq!(browser.eval(&rising), true);
    assert!(browser.eval(&format!("new Set({values}).size")).as_u64() > Some(3));
    // What has no value stands last, in either order.
    let last = "[...document.querySelectorAll('#t1 tbody tr')].at(-1).cells[2].textContent";
    assert_eq!(browser.eval(last), "–");
    // With the keyboard: the button has the focus, Enter turns the order.
    browser.eval(&format!("{call}.querySelector('button').focus()"));
    browser.press("Enter", 13, "\r");
    assert_eq!(browser.eval(&format!("{call}.getAttribute('aria-sort')")), "descending");
    assert_eq!(browser.eval(&format!("{values}.every((v, i, a) => i === 0 || a[i - 1] >= v)")), true);
    assert_eq!(browser.eval(last), "–");
    assert_eq!(browser.eval(&format!("{heads}.filter(h => h.hasAttribute('aria-sort')).length")), 1);
    // Filter by words, typed.
    browser.eval("document.querySelector('form[data-table=t1] input').focus()");
    for (key, code) in [("w", 87), ("i", 73), ("n", 78), ("c", 67), ("h", 72)] {
        browser.press(key, code, key);
    }
    let shown = browser.eval(FIRST_COLUMN);
    let shown: Vec<&str> = shown.as_array().expect("a list").iter().filter_map(|v| v.as_str()).collect();
    assert!(shown.is_empty(), "no runtime of six is called winch: {shown:?}");
    browser.eval("(() => { const f = document.querySelector('form[data-table=t1]'); f.elements.words.value = 'wasmi'; f.dispatchEvent(new Event('input')); })()");
    assert_eq!(
        browser.eval(&format!("{FIRST_COLUMN}.join()")),
        "wasmi/cranelift,wasmi/cranelift,wasmi/cranelift"
    );
    assert_eq!(
        browser.eval("document.querySelector('form[data-table=t1] output').textContent"),
        "3 of 18 rows"
    );
    browser.eval("(() => { const f = document.querySelector('form[data-table=t1]'); f.elements.words.value = ''; f.elements.workload.value = 'workload-01'; f.dispatchEvent(new Event('input')); })()");
    assert_eq!(browser.eval(&format!("{FIRST_COLUMN}.length")), 6);
    quiet(&browser);
}

/// The lowest contrast of any visible text against what is behind it (WCAG 2.2, relative luminance).
const CONTRAST: &str = r"(() => {
  const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => {
      v /= 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  let worst = [99, ''];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || e.closest('script')) continue;
    const style = getComputedStyle(e);
    const ink = rgb(e instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [light(ink), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < worst[0]) worst = [ratio, e.tagName + '.' + e.getAttribute('class') + ': ' + e.textContent.slice(0, 40)];
  }
  return worst;
})()";

#[test]
fn it_can_be_read_on_a_phone_in_the_dark_and_without_sight() {
    let Some((mut browser, ..)) = opened(&Shape::new(8, 2, 6).report()) else { return };
    readable(&mut browser);
    quiet(&browser);
}

/// An experiment over made-up results, with hostile words of its own.
fn studies(evil: &str) -> Studies {
    let text = format!(
        r#"
title = "Eight runtimes"
about = '''What is called. {evil}'''
source = "003"
[run.few]
workloads = ["workload-00"]
runtimes = ["all"]
[[figure]]
title = '''Calls {evil}'''
run = "few"
measure = "call"
relative_to = "native"
published = {{ native = 1.0, "wasmtime/cranelift" = 9.0, lucet = 4.0 }}
[[figure]]
title = "Starts"
run = "few"
measure = "compile"
note = "Made with `runoff study own`."
[[figure]]
title = "Cycles"
run = "few"
measure = "cycles"
relative_to = "native"
[[figure]]
title = "Against nobody"
run = "few"
measure = "call"
relative_to = "lucet"
[[claim]]
where = "page 1"
says = "compiled code is slower than native"
run = "few"
rule = {{ kind = "ratio", left = {{ runtime = "wasmtime/cranelift", measure = "call" }}, right = {{ runtime = "native", measure = "call" }}, above = 1.0 }}
[[claim]]
where = "page 2"
says = "of a pair of runtimes with names that are long the first is slower than the second, as everybody has always said"
run = "few"
rule = {{ kind = "ratio", left = {{ runtime = "wasmtime/cranelift", measure = "branch_miss_ratio" }}, right = {{ runtime = "native", measure = "branch_miss_ratio" }}, above = 0.5, below = 2.0 }}
"#
    );
    let experiment = Experiment::parse(&text).expect("it parses");
    let result = Shape::new(8, 9, 6).result();
    let results = Results::from([("few".to_owned(), result)]);
    let gone = Chapter {
        name: "calls".into(),
        title: "Calls".into(),
        absent: Some(evil.into()),
        ..Chapter::default()
    };
    Studies {
        title: "All studies".into(),
        facts: vec![("machine".into(), evil.into())],
        chapters: vec![experiment_chapter("own", &experiment, &results), gone],
    }
}

#[test]
fn studies_are_a_page_that_reads_as_well() {
    let evil = "</script><img src=x onerror=\"document.title='owned'\">";
    let studies = studies(evil);
    let Some((mut browser, ..)) = opened_page(&studies.html()) else { return };
    assert_eq!(browser.eval("document.title"), "All studies");
    assert_eq!(browser.eval("document.querySelectorAll('img').length"), 0);
    let text = browser.eval("document.body.textContent");
    let text = text.as_str().expect("text");
    for words in [evil, "What became of the claims", "Not there", "workload by workload", "published"] {
        assert!(text.contains(words), "{words}");
    }
    assert!(browser.eval("document.querySelectorAll('figure svg').length").as_u64() >= Some(1));
    // What is embedded is the same document.
    let unpacked = "(async () => { const a = document.querySelector('a[download]'); const bytes = Uint8Array.from(atob(a.href.split(',')[1]), c => c.charCodeAt(0)); return await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text(); })()";
    let inside = browser.eval(unpacked);
    let inside: Studies = serde_json::from_str(inside.as_str().expect("text")).expect("a document");
    assert_eq!(inside, studies);
    // Code is marked, and what has no figure says why.
    let codes = browser.eval("[...document.querySelectorAll('li code')].map(c => c.textContent).join()");
    assert!(codes.as_str().is_some_and(|c| c.contains("runoff study own")), "{codes}");
    let gone = "[...document.querySelectorAll('tr')].filter(r => r.cells[0]?.textContent === 'TITLE').map(r => r.cells[1].textContent).join()";
    let cycles = browser.eval(&gone.replace("TITLE", "Cycles"));
    assert_eq!(cycles, "a simulated processor has none");
    let nobody = browser.eval(&gone.replace("TITLE", "Against nobody"));
    assert_eq!(nobody, "call of lucet, which it is relative to, is zero or was not measured");
    // What a heading says is not said again below it.
    let twice = "[...document.querySelectorAll('details.workload')].filter(d => d.querySelector('.scroll:not(.named) caption')).length";
    assert_eq!(browser.eval(twice), 0);
    // On a phone claims stand below one another, and nothing sticks out.
    browser.size(360, 800);
    let out = "[...document.querySelectorAll('table.stacked')].map(t => t.parentElement.scrollWidth - t.parentElement.clientWidth)";
    assert_eq!(browser.eval(out), json!([0]));
    let below = "(() => { const c = document.querySelector('table.stacked tbody tr').cells; return c[1].offsetTop > c[0].offsetTop && c[1].offsetWidth > 250; })()";
    assert_eq!(browser.eval(below), true);
    readable(&mut browser);
    quiet(&browser);
}

fn readable(browser: &mut Browser) {
    for dark in [false, true] {
        browser.dark(dark);
        let worst = browser.eval(CONTRAST);
        assert!(worst[0].as_f64() >= Some(4.5), "dark {dark}: {worst}");
    }
    let ground = browser.eval("getComputedStyle(document.body).backgroundColor");
    assert_eq!(ground, "rgb(20, 23, 26)");
    for width in [360, 768, 1280] {
        browser.size(width, 800);
        let wide = browser.eval("document.documentElement.scrollWidth");
        assert!(wide.as_u64() <= Some(u64::from(width)), "{wide} pixels on {width}");
    }
    // Every plot has a name, a description and a table; every table a caption; headings skip no level; ids are unique.
    let bare = "[...document.querySelectorAll('svg')].filter(s => !s.getAttribute('aria-labelledby').split(' ').every(i => document.getElementById(i)?.textContent)).length";
    assert_eq!(browser.eval(bare), 0);
    assert_eq!(
        browser
            .eval("[...document.querySelectorAll('figure')].filter(f => !f.querySelector('table')).length"),
        0
    );
    assert_eq!(
        browser.eval("[...document.querySelectorAll('table')].filter(t => !t.caption?.textContent).length"),
        0
    );
    let levels = "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1]).every((l, i, a) => i === 0 ? l === 1 : l <= a[i - 1] + 1)";
    assert_eq!(browser.eval(levels), true);
    let ids = "(() => { const all = [...document.querySelectorAll('[id]')].map(e => e.id); return all.length - new Set(all).size; })()";
    assert_eq!(browser.eval(ids), 0);
    let unnamed = "[...document.querySelectorAll('input,select')].filter(e => !e.labels.length).length";
    assert_eq!(browser.eval(unnamed), 0);
}

#[test]
fn hostile_text_runs_nothing() {
    let mut shape = Shape::new(4, 2, 4);
    let evil =
        "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";
    shape.workloads[0] = evil.into();
    shape.cpu = evil.into();
    shape.reason = evil.into();
    let Some((mut browser, ..)) = opened(&shape.report()) else { return };
    assert_eq!(browser.eval("document.title"), "A report");
    assert_eq!(browser.eval("document.querySelectorAll('img').length"), 0);
    assert!(browser.eval("document.body.textContent").as_str().is_some_and(|t| t.contains(evil)));
    // What is embedded comes out whole.
    let unpacked = "(async () => { const a = [...document.querySelectorAll('a[download]')].find(a => a.download.endsWith('.jsonl.gz')); const bytes = Uint8Array.from(atob(a.href.split(',')[1]), c => c.charCodeAt(0)); const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text(); return text.split('\\n').filter(Boolean).map(l => JSON.parse(l).record).join(); })()";
    let records = browser.eval(unpacked);
    let records = records.as_str().expect("text");
    assert!(records.starts_with("header,block,") && records.ends_with(",end"), "{records}");
    quiet(&browser);
}

#[test]
fn thirty_runtimes_on_sixty_workloads_load_quickly() {
    let html = Shape::new(30, 60, 2).report().html();
    assert!(html.len() < 8_000_000, "{} bytes", html.len());
    assert_eq!(html.matches("<details class=workload").count(), 60);
    if let Some(folder) = std::env::var_os("RUNOFF_PICTURES").map(PathBuf::from) {
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("large.html"), &html).expect("a copy");
    }
    let Some((mut browser, _folder, path)) = opened_page(&html) else { return };
    // Processor time of the page's thread: on a busy machine the clock says how busy it is. The best of three.
    browser.call("Performance.enable", &json!({ "timeDomain": "threadTicks" }));
    let (mut worked, mut waited) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..3 {
        browser.open(&path);
        // The event is still being handled when it is announced; a frame later it is over and painted.
        browser.eval("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))");
        let load = "(() => { const n = performance.getEntriesByType('navigation')[0]; return n.loadEventEnd - n.startTime; })()";
        waited = waited.min(browser.eval(load).as_f64().expect("a time"));
        worked = worked.min(browser.task_seconds() * 1000.0);
    }
    let before = browser.task_seconds();
    browser.eval("(() => { document.querySelector('#t1 thead th:nth-child(3) button').click(); document.body.offsetHeight; })()");
    let sorted = (browser.task_seconds() - before) * 1000.0;
    let _ = writeln!(
        std::io::stderr(),
        "{} bytes; loaded with {worked:.0} ms of work in {waited:.0} ms, sorted with {sorted:.0} ms",
        html.len()
    );
    assert!(worked < 2000.0, "{worked} ms");
    assert!(sorted < 500.0, "{sorted} ms");
    assert_eq!(browser.eval("document.querySelectorAll('#t1 tbody tr').length"), 1800);
    let visible = "[...document.querySelectorAll('#t1 tbody tr')].filter(r => !r.hidden).length";
    assert_eq!(browser.eval(visible), 150);
    browser.eval("document.querySelector('form[data-table=t1] button').click()");
    assert_eq!(browser.eval(visible), 1800);
    // A packed workload unfolds when its link is followed.
    let last = "[...document.querySelectorAll('details.workload')].at(-1)";
    assert_eq!(browser.eval(&format!("{last}.querySelectorAll('svg').length")), 0);
    browser.eval("document.querySelector('nav.jump li:last-child a').click()");
    browser.eval(&format!("new Promise(done => {{ const look = () => {last}.querySelector('svg') ? done() : setTimeout(look, 20); look(); }})"));
    assert_eq!(browser.eval(&format!("{last}.querySelectorAll('svg').length")), 8);
    quiet(&browser);
}

/// Pictures for whoever changes the page: `RUNOFF_PICTURES=DIR cargo test --release -p runoff-report --test browser
/// pictures`, of a result named in `RUNOFF_PICTURES_OF`, else of a made-up one.
#[test]
fn pictures() {
    let Some(folder) = std::env::var_os("RUNOFF_PICTURES").map(PathBuf::from) else { return };
    let report = match std::env::var_os("RUNOFF_PICTURES_OF").map(PathBuf::from) {
        None => Shape::new(8, 3, 6).report(),
        Some(path) => {
            let result = runoff_data::ResultReader::open(&path).expect("a result");
            Report::new(
                "A report",
                vec![("r.jsonl".into(), "00".into(), result)],
                None,
                &[1, 50, 1000, 1_000_000],
            )
        }
    };
    let Some((mut browser, _folder, path)) = opened(&report) else { return };
    fs::create_dir_all(&folder).expect("a folder");
    fs::copy(&path, folder.join("report.html")).expect("a copy");
    for (width, dark) in [(1280, false), (1280, true), (360, false), (360, true)] {
        browser.size(width, 1000);
        browser.dark(dark);
        let name = format!("{width}-{}", if dark { "dark" } else { "light" });
        for (place, target) in
            [("top", "header"), ("cells", "#cells"), ("plots", "details.workload"), ("end", "#downloads")]
        {
            browser.eval(&format!(
                "document.querySelector('{target}').scrollIntoView({{ behavior: 'instant' }})"
            ));
            browser.eval("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))");
            let bytes = STANDARD.decode(browser.picture()).expect("base64");
            fs::write(folder.join(format!("{name}-{place}.png")), bytes).expect("a picture");
        }
    }
    quiet(&browser);
}
