//! SampleColumns of a simulation as columns: one number for each moment, as charts and CSV files want them.
//!
//! In: a `SampleRow` and the tables and bytes of each level, at each moment. Out: [`SampleColumns`].

use serde::Serialize;

macro_rules! columns {
    ( $( $name:ident : $about:literal; )* ) => {
        /// Samples by column; in each, one number for each moment of `at`. A ratio that is not defined is NaN: empty in
        /// a CSV, and no point of a chart.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct SampleColumns {
            $( #[doc = $about] pub $name: Vec<f64>, )*
            /// For each level, its tables.
            pub tables: Vec<Vec<f64>>,
            /// For each level, its bytes.
            pub bytes: Vec<Vec<f64>>,
        }

        /// One moment's numbers.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub(super) struct SampleRow {
            $( pub $name: f64, )*
        }

        impl SampleColumns {
            /// The columns that are not by level: name, what it is, numbers.
            pub fn columns(&self) -> Vec<(&'static str, &'static str, &[f64])> {
                vec![ $( (stringify!($name), $about, &self.$name[..]), )* ]
            }

            pub(super) fn push(&mut self, sample: &SampleRow, tables: impl Iterator<Item = u64>, bytes: &[u64]) {
                $( self.$name.push(sample.$name); )*
                self.tables.resize(bytes.len(), Vec::new());
                self.bytes.resize(bytes.len(), Vec::new());
                for (level, (tables, bytes)) in tables.zip(bytes).enumerate() {
                    self.tables[level].push(tables as f64);
                    self.bytes[level].push(*bytes as f64);
                }
            }
        }
    };
}

columns! {
    at: "The moment, in seconds.";
    offered_mb_per_s: "MB a second of keys and values that came since the sample before.";
    written_mb_per_s: "MB a second of them that were written; the others waited.";
    waited_share: "The share of the time since the sample before that a writer waited.";
    stopped_share: "The part of it in which writes were stopped.";
    delayed_write_mb_per_s: "What writes are slowed down to, in MB a second; 0 where they are not.";
    memtable_bytes: "Bytes in all memtables.";
    immutables: "Sealed memtables.";
    pending_bytes: "Bytes that compactions have to rewrite until every level is within its target.";
    flushes: "Flushes running.";
    compactions: "Compactions running.";
    device_use: "The share of the time since the sample before that the device was in use.";
    write_amplification: "Bytes that flushes and compactions wrote so far, by bytes that flushes wrote (RocksDB's).";
    write_amplification_user: "Bytes written so far, the WAL's included, by bytes of keys and values (the \
                               literature's).";
    space_amplification: "Bytes of all tables by bytes of the last level (RocksDB's).";
    space_amplification_live: "Bytes of all tables by bytes of what a reader can see of them (the literature's).";
    runs: "Sorted runs that a read may have to look into.";
    read_p50_us: "Median latency of gets, in microseconds: half of them take no longer.";
    read_p99_us: "99th percentile of the latency of gets, in microseconds: one in a hundred takes longer.";
    read_p999_us: "99.9th percentile of the latency of gets, in microseconds: one in a thousand takes longer.";
}
