//! Pareto fronts: the points that no other beats.
//!
//! In: points of three numbers, of which less is better. Out: the indexes of the front. A point *dominates* another if
//! it is at most as large in each number and smaller in one; the front is what no point dominates. Equal points do not
//! dominate each other.

/// The indexes of the points that no other dominates, by their first number, then the second, then the third. A point
/// with a number that is not defined (NaN) is in no front.
///
/// ```
/// use lsmscope::sweep::front::pareto_front;
///
/// let points = [[1.0, 9.0, 1.0], [2.0, 3.0, 1.0], [2.0, 4.0, 1.0], [f64::NAN, 0.0, 0.0]];
/// assert_eq!(pareto_front(&points), [0, 1]);
/// ```
pub fn pareto_front(points: &[[f64; 3]]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..points.len()).filter(|at| points[*at].iter().all(|n| !n.is_nan())).collect();
    order.sort_by(|a, b| {
        let numbers = points[*a].iter().zip(&points[*b]).map(|(a, b)| a.total_cmp(b));
        numbers.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then).then(a.cmp(b))
    });
    // What dominates a point stands before it.
    let mut front: Vec<usize> = Vec::new();
    for at in order {
        if !front.iter().any(|other| dominates(&points[*other], &points[at])) {
            front.push(at);
        }
    }
    front
}

fn dominates(a: &[f64; 3], b: &[f64; 3]) -> bool {
    a != b && a.iter().zip(b).all(|(a, b)| a <= b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn the_front_is_what_the_definition_says() {
        let mut random = Random::new(3);
        for count in [0, 1, 2, 50, 300] {
            // Few different numbers: many are equal.
            let points: Vec<[f64; 3]> = (0..count).map(|_| [(); 3].map(|()| random.below(12) as f64)).collect();
            let is_beaten = |at: usize| points.iter().any(|other| dominates(other, &points[at]));
            let expected: Vec<usize> = (0..points.len()).filter(|at| !is_beaten(*at)).collect();
            let mut found = pareto_front(&points);
            assert!(found.is_sorted_by(|a, b| points[*a][0] <= points[*b][0]));
            found.sort_unstable();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn equal_points_are_both_kept() {
        assert_eq!(pareto_front(&[[2.0; 3], [1.0; 3], [1.0; 3]]), [1, 2]);
    }
}
