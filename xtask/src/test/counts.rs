//! How many tests passed and failed, read from the closing lines of each kind of runner.

/// What a runner came to. A skipped, ignored or cancelled test is a failed one: nothing is skipped
/// here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Tests that passed.
    pub(super) passed: u64,
    /// Tests that did not pass.
    pub(super) failed: u64,
}

impl Counts {
    pub(super) fn add(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    fn of(passed: u64, failed: u64) -> Counts {
        Counts { passed, failed }
    }
}

/// `test result: ok. 3 passed; 1 failed; 1 ignored; …`, one for each test binary of cargo's.
pub(super) fn cargo_line(line: &str) -> Counts {
    match line.strip_prefix("test result: ") {
        Some(rest) => worded(rest),
        None => Counts::default(),
    }
}

/// `1 failed, 20 passed, 1 error in 2.34s`, pytest's last line, with or without a frame of `=`.
pub(super) fn pytest_line(line: &str) -> Counts {
    let inner = line.trim_matches(['=', ' ']);
    let closes = inner.split_once(" in ").is_some_and(|(_, time)| {
        time.split_once('s').is_some_and(|(seconds, _)| seconds.parse::<f64>().is_ok())
    });
    if closes { worded(inner) } else { Counts::default() }
}

/// `ℹ pass 3`, `ℹ fail 1` and their like, of Node's runner with its `spec` reporter.
pub(super) fn node_line(line: &str) -> Counts {
    let Some(rest) = line.strip_prefix("ℹ ") else {
        return Counts::default();
    };
    let Some((word, number)) = rest.split_once(' ') else {
        return Counts::default();
    };
    match (word, number.parse()) {
        ("pass", Ok(number)) => Counts::of(number, 0),
        ("fail" | "cancelled" | "skipped" | "todo", Ok(number)) => Counts::of(0, number),
        _ => Counts::default(),
    }
}

/// `      Tests  1 failed | 4 passed (5)`, near the end of what Vitest prints without colours.
pub(super) fn vitest_line(line: &str) -> Counts {
    match line.trim_start().strip_prefix("Tests  ") {
        Some(rest) => worded(rest),
        None => Counts::default(),
    }
}

/// `3 passed, 1 failed`, alone on its line.
pub(super) fn plain_line(line: &str) -> Counts {
    match line.split_once(" passed, ") {
        Some((passed, rest)) if passed.parse::<u64>().is_ok() && rest.ends_with(" failed") => {
            worded(line)
        }
        Some(_) | None => Counts::default(),
    }
}

/// Adds up every `<number> <word>` whose word is one that test runners use.
fn worded(text: &str) -> Counts {
    let words: Vec<&str> = text.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
    let mut counts = Counts::default();
    for pair in words.windows(2) {
        let Ok(number) = pair[0].parse::<u64>() else {
            continue;
        };
        match pair[1] {
            "passed" => counts.add(Counts::of(number, 0)),
            "failed" | "ignored" | "skipped" | "error" | "errors" | "xfailed" | "xpassed" => {
                counts.add(Counts::of(0, number));
            }
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines() {
        let check = |line: fn(&str) -> Counts, text: &str, passed, failed| {
            assert_eq!(line(text), Counts { passed, failed }, "{text}");
        };
        check(cargo_line, "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured", 3, 0);
        check(cargo_line, "test result: FAILED. 3 passed; 2 failed; 1 ignored", 3, 3);
        check(cargo_line, "test money::adds ... ok", 0, 0);
        check(pytest_line, "1 failed, 20 passed, 1 error in 2.34s", 20, 2);
        check(pytest_line, "===== 20 passed in 62.34s (0:01:02) =====", 20, 0);
        check(pytest_line, "no tests ran in 0.01s", 0, 0);
        check(pytest_line, "a payment that passed in Paris", 0, 0);
        check(node_line, "ℹ pass 12", 12, 0);
        check(node_line, "ℹ fail 1", 0, 1);
        check(node_line, "ℹ tests 13", 0, 0);
        check(vitest_line, "      Tests  5 passed (5)", 5, 0);
        check(vitest_line, "      Tests  1 failed | 4 passed (5)", 4, 1);
        check(vitest_line, " Test Files  1 passed (1)", 0, 0);
        check(plain_line, "7 passed, 2 failed", 7, 2);
        check(plain_line, "so 7 passed, 2 failed", 0, 0);
    }
}
