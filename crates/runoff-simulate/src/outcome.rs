//! What a policy came to on one trace.

/// Sums over one trace, nanoseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Response times together: waiting for code, setting up, running.
    pub waited: f64,
    /// Compile and load time.
    pub compiled: f64,
    /// Processor time of calls, those that lost a race included.
    pub ran: f64,
    /// Response time of every call, in order of arrival.
    pub responses: Vec<f64>,
}

impl Outcome {
    /// A finished call.
    pub(crate) fn call(&mut self, wait: f64, run: f64) {
        self.waited += wait + run;
        self.ran += run;
        self.responses.push(wait + run);
    }

    /// What callers waited for and what was compiled, ns.
    pub fn cost(&self) -> f64 {
        self.waited + self.compiled
    }

    /// Processor time, ns.
    pub fn work(&self) -> f64 {
        self.ran + self.compiled
    }
}
