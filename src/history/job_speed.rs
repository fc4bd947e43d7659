//! How long the compactions of a database took, as a line through all of them.
//!
//! In: for each, its bytes and its time, of a `LOG`. Out: a [`JobSpeed`], by least squares; errors: none, where no
//! compaction took time, or more bytes never took longer.

/// How long a compaction takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct JobSpeed {
    /// Seconds that each takes, whatever it merges: 0 or more.
    pub fixed_seconds: f64,
    /// How many bytes it reads or writes a second beyond these, whichever are more: above 0.
    pub bytes_per_second: f64,
}

impl JobSpeed {
    /// Of compactions, each with the bytes that it read or wrote, whichever were more, and its microseconds.
    pub fn of(jobs: &[(u64, u64)]) -> Option<JobSpeed> {
        let count = jobs.len() as f64;
        let (bytes, micros) = jobs.iter().fold((0.0, 0.0), |(b, m), job| (b + job.0 as f64, m + job.1 as f64));
        if bytes <= 0.0 || micros <= 0.0 {
            return None;
        }
        let (mean, mean_micros) = (bytes / count, micros / count);
        let together = |a: f64, b: f64| (a - mean) * b;
        let spread: f64 = jobs.iter().map(|job| together(job.0 as f64, job.0 as f64 - mean)).sum();
        let slope: f64 =
            jobs.iter().map(|job| together(job.0 as f64, job.1 as f64 - mean_micros)).sum::<f64>() / spread;
        let fixed = mean_micros - slope * mean;
        let (fixed, slope) = if slope > 0.0 && fixed >= 0.0 { (fixed, slope) } else { (0.0, micros / bytes) };
        Some(JobSpeed { fixed_seconds: fixed / 1e6, bytes_per_second: 1e6 / slope })
    }

    /// The bytes that take as long as what each compaction takes anyway.
    pub fn fixed_bytes(self) -> u64 {
        (self.fixed_seconds * self.bytes_per_second) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_through_the_jobs_has_their_fixed_time_and_their_rate() {
        let jobs: Vec<(u64, u64)> = (1..20).map(|n| (n * 1_000_000, 5_000 + n * 20_000)).collect();
        let speed = JobSpeed::of(&jobs).unwrap();
        assert!((speed.fixed_seconds - 0.005).abs() < 1e-9, "{speed:?}");
        assert!((speed.bytes_per_second - 50e6).abs() < 1.0, "{speed:?}");
        assert_eq!(speed.fixed_bytes(), 250_000);
    }

    #[test]
    fn jobs_that_tell_no_line_have_their_mean_rate() {
        let plain = |jobs: &[(u64, u64)]| JobSpeed::of(jobs).unwrap();
        let mean = JobSpeed { fixed_seconds: 0.0, bytes_per_second: 1e6 };
        assert_eq!(plain(&[(1_000_000, 1_000_000)]), mean);
        assert_eq!(plain(&[(1_000_000, 3_000_000), (3_000_000, 1_000_000)]), mean);
        assert_eq!(JobSpeed::of(&[]), None);
        assert_eq!(JobSpeed::of(&[(0, 0)]), None);
    }
}
