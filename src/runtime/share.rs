//! A resource that several jobs use at the same time, each with its share: *processor sharing*.
//!
//! In: users that begin, each with its work (the nanoseconds that it would take alone) and its weight. Out: when the
//! next one is done, if no other begins before. A user with weight `w`, of `W` in total, runs at `available × w / W` of
//! full speed.
//!
//! ```text
//! alone: A needs 4, B needs 2          0    1    2    3    4    5    6
//! A begins at 0, B at 2                A────────║═══════════════════║      A: 2 alone, then half speed; done at 6
//!                                               B═══════════════════║      B: half speed; done at 6
//! ```
//!
//! It does not subtract from every user's work at every change. Instead it keeps one *virtual time* that runs at
//! `available / W`: a user that begins at virtual time `v` with work `x` and weight `w` is done at `v + x / w`,
//! whichever users come and go meanwhile. This is weighted fair queueing (Parekh and Gallager, 1993). It needs only
//! additions, multiplications and divisions of IEEE doubles, which give the same bits everywhere.

use super::clock::{Nanos, rounded_up};

/// Somebody who uses it.
#[derive(Clone, Copy, Debug)]
struct User {
    job: u64,
    /// The virtual time at which its work is done.
    done_at: f64,
    weight: f64,
}

/// What is shared, and who uses it.
#[derive(Clone, Debug)]
pub struct Share {
    now: Nanos,
    virtual_time: f64,
    users: Vec<User>,
    weights: f64,
    available: f64,
    busy: f64,
}

impl Share {
    /// Unused, at time 0.
    pub fn new() -> Share {
        Share { now: 0, virtual_time: 0.0, users: Vec::new(), weights: 0.0, available: 1.0, busy: 0.0 }
    }

    /// `job` begins now with `work` nanoseconds of its own.
    pub fn begin(&mut self, job: u64, work: Nanos, weight: f64) {
        self.users.push(User { job, done_at: self.virtual_time + work as f64 / weight, weight });
        self.weights += weight;
    }

    /// The first that is done by now stops using it: the one that is done soonest, and of several the one that began
    /// first.
    ///
    /// A user with work left needs at least a nanosecond for it, so the users that are done now are those that
    /// [next](Share::next) names.
    pub fn take_done(&mut self) -> Option<u64> {
        let first = self.first().filter(|first| first.done_at <= self.virtual_time)?.job;
        self.end(first);
        Some(first)
    }

    /// `job` stops using it, done or not.
    pub fn end(&mut self, job: u64) {
        self.users.retain(|user| user.job != job);
        // Summed again, so that no rounding error is left; and virtual time restarts once no user depends on it.
        self.weights = self.users.iter().map(|user| user.weight).sum();
        if self.users.is_empty() {
            self.virtual_time = 0.0;
        }
    }

    /// How much of it the users have from now on, together: 1 is all of it.
    pub fn set_available(&mut self, available: f64) {
        self.available = available;
    }

    /// How much of it the users have, together.
    pub fn available(&self) -> f64 {
        self.available
    }

    /// The next user to be done, and when, if no other begins before; of several, the first to begin.
    pub fn next(&self) -> Option<(Nanos, u64)> {
        let first = self.first()?;
        let wait = (first.done_at - self.virtual_time).max(0.0) * self.weights / self.available;
        Some((self.now.saturating_add(rounded_up(wait)), first.job))
    }

    /// The first user to be done, whenever that is.
    fn first(&self) -> Option<&User> {
        self.users.iter().reduce(|a, b| if b.done_at < a.done_at { b } else { a })
    }

    /// Time moves on to `to`, which is no later than when the next one is done.
    pub fn advance(&mut self, to: Nanos) {
        let passed = to.saturating_sub(self.now) as f64;
        self.now = self.now.max(to);
        if self.users.is_empty() {
            self.busy += passed * (1.0 - self.available);
        } else {
            self.virtual_time += passed * self.available / self.weights;
            self.busy += passed;
        }
    }

    /// How long it was in use, in nanoseconds; while only a part was (what is not [available](Share::set_available)),
    /// that part of them.
    pub fn busy(&self) -> f64 {
        self.busy
    }

    /// How many use it.
    pub fn users(&self) -> usize {
        self.users.len()
    }
}

impl Default for Share {
    fn default() -> Share {
        Share::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs until no user is left; returns who was done when.
    fn run(share: &mut Share) -> Vec<(u64, Nanos)> {
        let mut done = Vec::new();
        while let Some((at, job)) = share.next() {
            share.advance(at);
            assert_eq!(share.take_done(), Some(job));
            done.push((job, at));
        }
        done
    }

    #[test]
    fn who_is_alone_has_all_of_it() {
        let mut share = Share::new();
        share.begin(1, 400, 1.0);
        assert_eq!(run(&mut share), [(1, 400)]);
        share.advance(1000);
        share.begin(2, 5, 1.0);
        assert_eq!(run(&mut share), [(2, 1005)]);
        assert_eq!(share.busy(), 405.0);
    }

    #[test]
    fn two_have_half_of_it_while_both_are_there() {
        let mut share = Share::new();
        share.begin(1, 400, 1.0);
        share.advance(200);
        share.begin(2, 200, 1.0);
        assert_eq!(run(&mut share), [(1, 600), (2, 600)]);
        let mut share = Share::new();
        share.begin(1, 300, 1.0);
        share.begin(2, 100, 1.0);
        assert_eq!(run(&mut share), [(2, 200), (1, 400)]);
    }

    #[test]
    fn nothing_is_lost_however_many_come_and_go() {
        let mut share = Share::new();
        for job in 0..100 {
            share.advance(job * 10);
            share.begin(job, 50 + job * 7 % 31, 1.0);
        }
        let work: u64 = (0..100).map(|job| 50 + job * 7 % 31).sum();
        let last = run(&mut share).last().unwrap().1;
        // It was never idle: the last is done when all the work is. Each end is rounded up to a nanosecond.
        assert!((work..work + 100).contains(&last), "{last} for {work}");
    }

    #[test]
    fn a_weight_is_a_part() {
        let mut share = Share::new();
        share.begin(1, 90, 9.0);
        share.begin(2, 90, 1.0);
        assert_eq!(run(&mut share), [(1, 100), (2, 180)]);
    }

    #[test]
    fn what_others_have_is_not_there() {
        let mut share = Share::new();
        share.set_available(0.5);
        share.advance(100);
        share.begin(1, 100, 1.0);
        assert_eq!(run(&mut share), [(1, 300)]);
        assert_eq!(share.busy(), 250.0);
    }
}
