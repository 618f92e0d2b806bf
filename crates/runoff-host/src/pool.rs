//! The threads guests run on. Functions take turns: a long queue of one is not in the way of another.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use crate::execute::Warm;

/// Bytes of stack of a thread guests run on; engines recurse on it. Only touched pages are used.
pub(crate) const STACK: usize = 64 << 20;

/// How much nicer guest threads are than those that serve connections: a guest that computes can wait for the
/// processor a little, a request that only has to be read cannot.
const NICER: i32 = 5;

/// The processors a guest thread is on: all it may use, or all but one while its function computes. Priorities are not
/// enough: a thread that wakes to serve a request waits for the end of the slice of whoever computes there, which is
/// longer than most requests take.
struct Place {
    /// All, and all but the first; `None` where there is nothing to choose.
    sets: Option<(CpuSet, CpuSet)>,
    off: bool,
}

impl Place {
    fn new(spare: bool) -> Self {
        let sets = || {
            let all = sched_getaffinity(None).ok().filter(|all| all.count() > 1)?;
            let mut fewer = all;
            fewer.unset((0..CpuSet::MAX_CPU).find(|processor| all.is_set(*processor))?);
            Some((all, fewer))
        };
        Self { sets: spare.then(sets).flatten(), off: false }
    }

    /// Goes off one processor, or back. A system that does not allow this has slower answers, and is right all the same.
    fn change(&mut self, off: bool) {
        if off != self.off
            && let Some((all, fewer)) = &self.sets
        {
            let _ = sched_setaffinity(None, if off { fewer } else { all });
            self.off = off;
        }
    }
}

/// Work for one thread.
pub(crate) type Job = Box<dyn FnOnce(&mut Warm) + Send>;

#[derive(Default)]
struct Queue {
    /// Jobs by function; a function without any is not in it, unless it has some running.
    jobs: BTreeMap<u64, VecDeque<(bool, Job)>>,
    /// Functions with jobs, in the order of their turns.
    turns: VecDeque<u64>,
    running: BTreeMap<u64, usize>,
    idle: usize,
    closed: bool,
}

struct Shared {
    queue: Mutex<Queue>,
    ready: Condvar,
    /// All there are.
    threads: usize,
    /// Whether functions that compute keep off one processor.
    spare: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job whose function does not hold its share already, and whether it computes. The share is three quarters
    /// of the threads that no other function holds, so that
    /// something is left for the next.
    fn take(&self, queue: &mut Queue) -> Option<(u64, bool, Job)> {
        let held: usize = queue.running.values().sum();
        for _ in 0..queue.turns.len() {
            let function = queue.turns.pop_front()?;
            let own = queue.running.get(&function).copied().unwrap_or(0);
            let left = self.threads.saturating_sub(held - own);
            if own >= (left * 3 / 4).max(1) {
                queue.turns.push_back(function);
                continue;
            }
            let jobs = queue.jobs.get_mut(&function)?;
            let (computes, job) = jobs.pop_front()?;
            if jobs.is_empty() {
                queue.jobs.remove(&function);
            } else {
                queue.turns.push_back(function);
            }
            *queue.running.entry(function).or_default() += 1;
            return Some((function, computes, job));
        }
        None
    }

    fn work(&self) {
        // A thread that stays as important as the others only computes too eagerly.
        let _ = rustix::process::nice(NICER);
        let (mut warm, mut place) = (Warm::default(), Place::new(self.spare));
        let mut queue = self.lock();
        loop {
            if let Some((function, computes, job)) = self.take(&mut queue) {
                // Shares change with every end: what could not run before may now.
                let more = queue.idle > 0 && !queue.turns.is_empty();
                drop(queue);
                if more {
                    self.ready.notify_one();
                }
                place.change(computes);
                // A panic of an engine ends its request, not the thread; what was warm may be half changed.
                if catch_unwind(AssertUnwindSafe(|| job(&mut warm))).is_err() {
                    warm = Warm::default();
                }
                queue = self.lock();
                if let Some(running) = queue.running.get_mut(&function) {
                    *running -= 1;
                    if *running == 0 {
                        queue.running.remove(&function);
                    }
                }
                continue;
            }
            if queue.closed {
                return;
            }
            queue.idle += 1;
            queue = self.ready.wait(queue).unwrap_or_else(PoisonError::into_inner);
            queue.idle -= 1;
        }
    }
}

/// The threads; jobs that were given are done before they end.
pub(crate) struct Pool {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("threads", &self.threads.len()).finish_non_exhaustive()
    }
}

impl Pool {
    /// Starts so many threads. With `spare` those that compute keep off one processor.
    pub(crate) fn start(threads: usize, spare: bool) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { queue: Mutex::default(), ready: Condvar::new(), threads, spare });
        let start = |i: usize| {
            let shared = Arc::clone(&shared);
            thread::Builder::new().name(format!("guest-{i}")).stack_size(STACK).spawn(move || shared.work())
        };
        let threads = (0..threads).map(start).collect::<Result<_, _>>()?;
        Ok(Self { shared, threads })
    }

    /// Gives a job of a function to the next thread that is free; `computes` says that it will take long.
    pub(crate) fn submit(&self, function: u64, computes: bool, job: Job) {
        let mut queue = self.shared.lock();
        let jobs = queue.jobs.entry(function).or_default();
        jobs.push_back((computes, job));
        if jobs.len() == 1 {
            queue.turns.push_back(function);
        }
        if queue.idle > 0 {
            drop(queue);
            self.shared.ready.notify_one();
        }
    }

    /// Jobs that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.shared.lock().jobs.values().map(VecDeque::len).sum()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.ready.notify_all();
        for thread in self.threads.drain(..) {
            // The last owner of the pool may be one of its own jobs.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn functions_take_turns_and_panics_end_nothing() {
        let pool = Pool::start(1, false).unwrap();
        let (block, blocked) = mpsc::channel::<()>();
        pool.submit(0, false, Box::new(move |_| assert!(blocked.recv().is_err())));
        let (sender, order) = mpsc::channel();
        for function in [1, 1, 1, 2] {
            let sender = sender.clone();
            pool.submit(function, false, Box::new(move |_| sender.send(function).unwrap()));
        }
        pool.submit(3, false, Box::new(|_| panic!("on purpose")));
        drop(block);
        drop(sender);
        assert_eq!(order.iter().collect::<Vec<_>>(), [1, 2, 1, 1]);
    }

    #[test]
    fn what_computes_keeps_off_one_processor_and_nothing_else_does() {
        let all = sched_getaffinity(None).unwrap().count();
        for spare in [false, true] {
            let pool = Pool::start(1, spare).unwrap();
            let (sender, counted) = mpsc::channel();
            for computes in [false, true, true, false] {
                let sender = sender.clone();
                let count =
                    move |_: &mut Warm| sender.send(sched_getaffinity(None).unwrap().count()).unwrap();
                pool.submit(0, computes, Box::new(count));
                let expected = if spare && computes { (all - 1).max(1) } else { all };
                assert_eq!(counted.recv().unwrap(), expected);
            }
        }
        assert_eq!(sched_getaffinity(None).unwrap().count(), all);
    }

    #[test]
    fn functions_do_not_take_every_thread() {
        let pool = Pool::start(8, true).unwrap();
        let (block, blocked) = mpsc::channel::<()>();
        let blocked = Arc::new(Mutex::new(blocked));
        for function in [1, 2] {
            for _ in 0..8 {
                let blocked = Arc::clone(&blocked);
                pool.submit(function, false, Box::new(move |_| blocked.lock().unwrap().recv().unwrap()));
            }
        }
        let (sender, other) = mpsc::channel();
        pool.submit(3, false, Box::new(move |_| sender.send(()).unwrap()));
        other.recv_timeout(std::time::Duration::from_secs(10)).expect("a thread is left");
        for _ in 0..16 {
            block.send(()).unwrap();
        }
    }
}
