//! The result as a table: every engine's rate, the ratio of each operation, and its budget.

use crate::{BUDGET, OPERATIONS, Rates};

/// The median of the rounds, for each operation.
pub fn medians(rounds: &[Rates]) -> Rates {
    std::array::from_fn(|operation| {
        let mut rates: Vec<f64> = rounds.iter().map(|round| round[operation]).collect();
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    })
}

/// Prints one row for each operation. The first engine is ours; the ratio compares it with the second.
pub fn print(names: &[&str], rates: &[Rates]) {
    let heads: String = names.iter().map(|name| format!("{name:>16}")).collect();
    println!("{:<16}{heads}{:>10}   budget", "operation", "ratio");
    for (operation, name) in OPERATIONS.iter().enumerate() {
        let cells: String = rates.iter().map(|rates| format!("{:>14}/s", thousands(rates[operation]))).collect();
        let verdict = match rates {
            [ours, peer, ..] => verdict(ours[operation] / peer[operation]),
            _ => String::new(),
        };
        println!("{name:<16}{cells}{verdict}");
    }
}

fn verdict(ratio: f64) -> String {
    format!("{ratio:>9.2}×   ≥ {BUDGET}×: {}", if ratio >= BUDGET { "met" } else { "MISSED" })
}

/// `1234567.8` as `1,234,568`.
fn thousands(number: f64) -> String {
    lsmscope::plural::grouped(number.round() as u64)
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_parted() {
        assert_eq!(super::thousands(1_234_567.8), "1,234,568");
        assert_eq!(super::thousands(999.0), "999");
    }

    #[test]
    fn the_median_is_taken_by_operation() {
        let rounds = [[1.0, 9.0, 0.0, 0.0], [3.0, 7.0, 0.0, 0.0], [2.0, 8.0, 0.0, 0.0]];
        assert_eq!(super::medians(&rounds)[..2], [2.0, 8.0]);
    }
}
