//! What is said of partners side by side, and of how they fit.

use crate::domain::fits::{Fit, Verdict};

/// How many columns are hidden on each side; `None` when all are shown.
pub fn aside(left: usize, right: usize) -> Option<String> {
    match (left, right) {
        (0, 0) => None,
        (left, 0) => Some(format!("← {left} more")),
        (0, right) => Some(format!("{right} more →")),
        (left, right) => Some(format!("← {left} · {right} more →")),
    }
}

/// The mark of a partner: "fits you".
pub fn mark(fit: &Fit) -> &'static str {
    match fit.verdict {
        Verdict::Fits => "fits you",
        Verdict::MayFit => "may fit",
        Verdict::DoesNotFit => "does not fit",
        Verdict::NotNow => "",
    }
}

/// The mark with its reasons: "fits you: evenings: Mon + Wed 18:00 · free".
pub fn mark_with_reasons(fit: &Fit) -> String {
    let decisive = |verdict| fit.reasons.iter().any(|reason| reason.verdict == verdict);
    // What speaks for it does not matter where something speaks against it.
    let only = [Verdict::DoesNotFit, Verdict::MayFit].into_iter().find(|verdict| decisive(*verdict));
    let reasons = fit.reasons.iter().filter(|reason| only.is_none_or(|only| reason.verdict == only));
    let words: Vec<&str> = reasons.map(|reason| reason.words.as_str()).collect();
    format!("{}: {}", mark(fit), words.join(" · "))
}

/// Who fits best, in one line: "Fits you: Certiport, then NDS".
pub fn best_fits(fits: &[Fit]) -> String {
    let of = |verdict| {
        let names: Vec<&str> =
            fits.iter().filter(|fit| fit.verdict == verdict).map(|fit| fit.name.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", then "))
    };
    match (of(Verdict::Fits), of(Verdict::MayFit), fits.first()) {
        (Some(names), _, _) => format!("Fits you: {names}"),
        (None, Some(names), _) => format!("May fit you: {names}"),
        (None, None, Some(first)) if first.verdict == Verdict::DoesNotFit => {
            format!("Nobody fits in everything. Closest: {}", first.name)
        }
        (None, None, _) => "Nobody takes enrollments now".to_owned(),
    }
}

/// The heading over the partners.
pub fn side_by_side(count: usize) -> String {
    match count {
        1 => "One partner delivers this program".to_owned(),
        count => format!("{} side by side", super::count(count, "partner")),
    }
}

/// How a question is answered.
pub const HOW_TO_ANSWER: &str = "a number answers, space skips";
