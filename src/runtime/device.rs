//! A model of the device: how long reads and writes take.
//!
//! In: the options, and the [`Work`] of a job. Out: the time that it would take if the job were alone. How several jobs
//! share the device is [`share`](super::share)'s business.
//!
//! ```text
//! device time = read / read rate + written / write rate + requests × latency + files × fsync
//! requests    = read / 2 MB + written / 1 MB, each rounded up
//!               (compaction_readahead_size, writable_file_max_buffer_size)
//! thread time = max(read, written) / build rate + written / compression rate, divided by the parts it is split into
//! ```
//!
//! It serves one request at a time: a latency is device time, as it is for an arm that has to move. A drive that serves
//! many small requests at once would be underrated by this; jobs make few large ones. 1 MB is 1,048,576 bytes.
//!
//! Left out: wear and garbage collection inside of flash, the file system, and the page cache but for what
//! `block_cache_size` holds.

use serde::Serialize;

use super::clock::{MICROSECOND, Nanos, SECOND, from_seconds, rounded_up};
use crate::options::{Compression, DeviceChoice, Options};

/// The bytes of 1 MB.
pub(crate) const MB: f64 = (1u64 << 20) as f64;

/// How much a compaction reads at a time: RocksDB's `compaction_readahead_size`.
const READ_REQUEST: u64 = 2 << 20;

/// How much a job writes at a time: RocksDB's `writable_file_max_buffer_size`.
const WRITE_REQUEST: u64 = 1 << 20;

/// What a job moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Work {
    /// Bytes of tables that it reads.
    pub read: u64,
    /// Bytes that it writes.
    pub written: u64,
    /// Files that it makes durable; of a write to the WAL, its syncs.
    pub syncs: u64,
    /// In how many parts, on as many threads, it is done: [`subcompactions`](super::jobs::subcompactions). 0 and 1 are
    /// the same.
    pub threads: u64,
}

/// A device's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Device {
    /// MB a second.
    pub read_mb_per_s: f64,
    /// MB a second.
    pub write_mb_per_s: f64,
    /// Before each request.
    pub latency_us: f64,
    /// After the bytes of a file.
    pub fsync_us: f64,
}

impl Device {
    /// The one that `options` name.
    ///
    /// The presets are what the makers state and reviewers measure, rounded: a PCI Express 3 drive; any SATA drive,
    /// whose bus is the limit; gp3 with the throughput that is not paid extra for; a disk of 7,200 turns a minute.
    pub fn of(options: &Options) -> Device {
        let device = |read_mb_per_s, write_mb_per_s, latency_us, fsync_us| Device {
            read_mb_per_s,
            write_mb_per_s,
            latency_us,
            fsync_us,
        };
        match options.device {
            DeviceChoice::Nvme => device(3000.0, 2000.0, 80.0, 300.0),
            DeviceChoice::SataSsd => device(530.0, 500.0, 150.0, 1500.0),
            DeviceChoice::Gp3 => device(125.0, 125.0, 800.0, 2500.0),
            DeviceChoice::Hdd => device(160.0, 160.0, 8000.0, 12_000.0),
            DeviceChoice::Custom => device(
                options.device_read_mb_per_s,
                options.device_write_mb_per_s,
                options.device_latency_us,
                options.device_fsync_us,
            ),
        }
    }

    /// The time that `bytes` take at `mb_per_s`.
    fn transfer(bytes: u64, mb_per_s: f64) -> f64 {
        bytes as f64 / (mb_per_s * MB) * SECOND as f64
    }

    /// How long a job has the device, if it has it alone.
    pub fn job_time(&self, work: &Work) -> Nanos {
        let requests = work.read.div_ceil(READ_REQUEST) + work.written.div_ceil(WRITE_REQUEST);
        let waits = requests as f64 * self.latency_us * MICROSECOND as f64;
        rounded_up(waits + self.stream_time(work))
    }

    /// How long an append to a log has the device, if it has it alone: what the operating system collects takes no
    /// request of its own, what is synced does.
    pub fn log_time(&self, work: &Work) -> Nanos {
        let waits = work.syncs as f64 * self.latency_us * MICROSECOND as f64;
        rounded_up(waits + self.stream_time(work))
    }

    fn stream_time(&self, work: &Work) -> f64 {
        Device::transfer(work.read, self.read_mb_per_s)
            + Device::transfer(work.written, self.write_mb_per_s)
            + work.syncs as f64 * self.fsync_us * MICROSECOND as f64
    }

    /// How long the read of one block takes on an idle device.
    pub fn block_time(&self, bytes: u64) -> Nanos {
        self.read_time(1, bytes)
    }

    /// The time that `requests` of a reader, which read `bytes` in total, take on an idle device.
    pub fn read_time(&self, requests: u64, bytes: u64) -> Nanos {
        let waits = requests as f64 * self.latency_us * MICROSECOND as f64;
        rounded_up(waits + Device::transfer(bytes, self.read_mb_per_s))
    }
}

/// The time that a read takes which would take `alone` on an idle device, beside `users` that get the same share each
/// of the part of the device that is `available`.
pub fn beside(alone: Nanos, users: usize, available: f64) -> Nanos {
    (alone as f64 * (users as f64 + 1.0) / available) as Nanos
}

/// How fast one thread merges, builds and compresses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Processor {
    /// Bytes a second; none if no time is counted.
    build: Option<f64>,
    compress: Option<f64>,
}

impl Processor {
    /// As `options` say.
    pub fn of(options: &Options) -> Processor {
        let rate = |mb_per_s: f64| Some(mb_per_s * MB).filter(|rate| *rate > 0.0);
        let compress = rate(options.compression_mb_per_s).filter(|_| options.compression != Compression::None);
        Processor { build: rate(options.table_build_mb_per_s), compress }
    }

    /// How long a job keeps its threads busy.
    pub fn job_time(&self, work: &Work) -> Nanos {
        if self.build.is_none() && self.compress.is_none() {
            return 0;
        }
        let time = |bytes: u64, rate: Option<f64>| rate.map_or(0.0, |rate| bytes as f64 / rate);
        let all = time(work.read.max(work.written), self.build) + time(work.written, self.compress);
        from_seconds(all / work.threads.max(1) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::clock::MILLISECOND;

    fn custom(latency: f64, fsync: f64) -> Device {
        Device::of(&Options {
            device: DeviceChoice::Custom,
            device_latency_us: latency,
            device_fsync_us: fsync,
            device_write_mb_per_s: 250.0,
            ..Options::default()
        })
    }

    #[test]
    fn reading_and_writing_both_count() {
        let work = Work { read: 500 << 20, written: 125 << 20, ..Work::default() };
        assert_eq!(custom(0.0, 0.0).job_time(&work), 1500 * MILLISECOND);
    }

    #[test]
    fn requests_wait_and_files_are_made_durable() {
        let work = Work { read: 4 << 20, written: 5 << 20, syncs: 3, ..Work::default() };
        let plain = custom(0.0, 0.0).job_time(&work);
        assert_eq!(custom(1000.0, 0.0).job_time(&work), plain + 7 * MILLISECOND);
        assert_eq!(custom(0.0, 2000.0).job_time(&work), plain + 6 * MILLISECOND);
        let synced = Work { written: 100, syncs: 1, ..Work::default() };
        assert_eq!(custom(1000.0, 2000.0).log_time(&synced), custom(0.0, 0.0).log_time(&synced) + 3 * MILLISECOND);
        let collected = Work { written: 100, ..Work::default() };
        assert_eq!(custom(1000.0, 2000.0).log_time(&collected), custom(0.0, 0.0).log_time(&collected));
    }

    #[test]
    fn a_disk_that_turns_is_slow_to_find_a_block_and_a_flash_drive_is_not() {
        let block = |device| Device::of(&Options { device, ..Options::default() }).block_time(4096);
        assert!(block(DeviceChoice::Hdd) > 8 * MILLISECOND);
        assert!(block(DeviceChoice::Nvme) < 100 * MICROSECOND);
    }

    #[test]
    fn threads_share_the_work_and_compression_counts_only_where_it_is_on() {
        let mut options = Options { table_build_mb_per_s: 100.0, compression_mb_per_s: 100.0, ..Options::default() };
        let work = Work { read: 100 << 20, written: 50 << 20, ..Work::default() };
        assert_eq!(Processor::of(&options).job_time(&work), SECOND);
        options.compression = Compression::Lz4;
        assert_eq!(Processor::of(&options).job_time(&work), 1500 * MILLISECOND);
        assert_eq!(Processor::of(&options).job_time(&Work { threads: 3, ..work }), 500 * MILLISECOND);
        assert_eq!(Processor::of(&Options::default()).job_time(&work), 0);
    }
}
