//! What of a configuration a host takes only when it starts.

use super::resolve::Config;

impl Config {
    /// Keys that differ from another configuration's and that only a host that starts again takes.
    pub(crate) fn needs_restart(&self, started: &Self) -> Vec<&'static str> {
        let differ = [
            ("listen", self.listen != started.listen),
            ("runtimes", self.runtimes != started.runtimes),
            ("threads", self.threads != started.threads),
            ("spare-processor", self.spare_processor != started.spare_processor),
            ("max-requests", self.max_requests != started.max_requests),
            ("max-bodies", self.max_bodies != started.max_bodies),
            ("max-connections", self.max_connections != started.max_connections),
            ("build-slots", self.build_slots != started.build_slots),
            ("build-time", self.build_time != started.build_time),
            ("build-memory", self.build_memory != started.build_memory),
            ("code-memory", self.code_memory != started.code_memory),
            ("max-module", self.max_module != started.max_module),
            ("log", self.log != started.log),
            ("timeouts", self.timeouts != started.timeouts),
            ("store", (self.store, &self.store_path) != (started.store, &started.store_path)),
            ("workers", (self.workers, &self.contained) != (started.workers, &started.contained)),
            ("otlp", self.otlp != started.otlp),
            ("admin", self.admin != started.admin),
        ];
        differ.into_iter().filter_map(|(key, differs)| differs.then_some(key)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn keys_that_differ_are_named_and_functions_are_none() {
        let read = |text: &str| Config::parse(text, Path::new("/a/b")).unwrap();
        let started = read("");
        assert_eq!(read("[[function]]\nmodule = \"a.wasm\"").needs_restart(&started), [""; 0]);
        let all = "listen = \"127.0.0.1:1\"\nruntimes = [\"a\"]\nthreads = 1\nspare-processor = false\nmax-requests = 1\nmax-bodies = \"2MiB\"\n\
            max-connections = 1\nbuild-slots = 2\nbuild-time = \"9s\"\nbuild-memory = \"1GiB\"\ncode-memory = \"2GiB\"\n\
            max-module = \"1MiB\"\nlog = \"off\"\n[timeouts]\nbody = \"9s\"\n[store]\nenabled = false\n\
            [workers]\nprocesses = 9\n[otlp]\nendpoint = \"http://a\"\n[admin]\nlisten = \"127.0.0.1:2\"\n";
        let differ = read(all).needs_restart(&started);
        assert_eq!(differ.len(), 18, "{differ:?}");
        for line in all.lines().filter_map(|l| l.split([' ', ']']).next()) {
            let key = line.trim_start_matches('[');
            let nested = ["body", "enabled", "processes", "endpoint"].contains(&key);
            assert!(nested || differ.contains(&key), "{key}");
        }
    }
}
