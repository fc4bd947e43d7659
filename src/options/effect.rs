//! Which options have no effect beside others: not wrong, but worth a word where they are set.

use super::{CompactionStyle, Options, Value};

impl Options {
    /// What is set and changes nothing, or less than its name says, under this compaction style: a sentence each.
    pub fn without_effect(&self) -> Vec<String> {
        use CompactionStyle::{Fifo, Full, LazyLeveling, Leveled, SizeTiered, Universal};
        let (style, name) = (self.compaction_style, self.compaction_style.to_text());
        let mut told = Vec::new();
        match style {
            _ if self.compact_on_deletion_ratio == 0.0 => {}
            Leveled | Universal => {}
            Full | SizeTiered | LazyLeveling => told.push(format!(
                "compact_on_deletion_ratio: {name} compaction rewrites tables of many tombstones in its oldest run only"
            )),
            Fifo => told.push("compact_on_deletion_ratio has no effect: fifo compaction rewrites nothing".into()),
        }
        if self.tombstone_retention_seconds > 0 && style == Fifo {
            told.push(
                "tombstone_retention_seconds has no effect: fifo compaction drops whole tables, by their age".into(),
            );
        }
        if self.ttl != Options::default().ttl && self.ttl > 0 && !matches!(style, Leveled | Fifo) {
            told.push(format!("ttl has no effect: {name} compaction does not look at the age of tables"));
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_style_says_what_it_does_not_look_at() {
        let told = |style| {
            let set = Options {
                compact_on_deletion_ratio: 0.5,
                tombstone_retention_seconds: 9,
                ttl: 100,
                ..Options::default()
            };
            let told = Options { compaction_style: style, ..set }.without_effect();
            told.iter().filter_map(|line| line.split([' ', ':']).next().map(str::to_string)).collect::<Vec<_>>()
        };
        assert!(told(CompactionStyle::Leveled).is_empty());
        assert_eq!(told(CompactionStyle::Universal), ["ttl"]);
        assert_eq!(told(CompactionStyle::LazyLeveling), ["compact_on_deletion_ratio", "ttl"]);
        assert_eq!(told(CompactionStyle::Fifo), ["compact_on_deletion_ratio", "tombstone_retention_seconds"]);
        assert!(Options { compaction_style: CompactionStyle::Fifo, ..Options::default() }.without_effect().is_empty());
    }
}
