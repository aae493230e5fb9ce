//! What one file must not be or hold.

use super::Finding;

/// The most lines of a Rust file, its tests not counted: past that, split by command or by noun.
const LINES: usize = 400;

/// The longest line of a Rust file, in characters.
const WIDTH: usize = 100;

/// File names that tell nothing: use the noun that the file is about.
const NAMES: [&str; 6] = ["utils", "util", "helpers", "common", "misc", "mod"];

/// What must stand nowhere in the tree, written in two parts so as not to stand here.
const WORDS: [(&str, &str); 9] = [
    ("TO", "DO"),
    ("FIX", "ME"),
    ("XX", "X:"),
    ("#[ig", "nore"),
    ("registry.npm", "js.org"),
    ("pypi", ".org"),
    ("python", "hosted.org"),
    ("static.crates", ".io"),
    ("/wo", "rk/"),
];

/// Files that a tool writes: their words and sizes are not ours.
const WRITTEN_BY_TOOLS: [&str; 2] = ["Cargo.lock", "package-lock.json"];

/// Who may open a card number: these rooms alone.
const MAY_EXPOSE: [&str; 2] = ["crates/onfile-vault/", "crates/onfile-network/"];

/// Finds what is wrong with the file `text` at `path`.
pub(super) fn look(path: &str, text: &str) -> Vec<Finding> {
    let file = path.rsplit('/').next().unwrap_or(path);
    if WRITTEN_BY_TOOLS.contains(&file) {
        return Vec::new();
    }
    let mut findings = words(path, text);
    if let Some(name) = file.strip_suffix(".rs") {
        findings.extend(rust(path, name, text));
    }
    findings
}

fn words(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for (head, tail) in WORDS {
            let word = format!("{head}{tail}");
            if line.contains(&word) {
                findings.push(format!("{path}:{number}: {word} must not stand here"));
            }
        }
    }
    findings
}

fn rust(path: &str, name: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if NAMES.contains(&name) {
        findings.push(format!("{path}: a file is named after what it is about"));
    }
    let code: Vec<&str> = text.lines().take_while(|line| *line != "#[cfg(test)]").collect();
    let tested = name == "tests" || path.contains("/tests/");
    if code.len() > LINES && !tested {
        findings.push(format!("{path}: {} lines without tests, {LINES} at most", code.len()));
    }
    for (number, line) in (1..).zip(text.lines()) {
        // A string that can't be broken, a table and a link may be longer.
        let breakable = !line.contains('"') && !line.contains("://");
        if line.chars().count() > WIDTH && breakable {
            findings.push(format!("{path}:{number}: longer than {WIDTH} characters"));
        }
    }
    findings.extend(exposures(path, &code));
    findings
}

/// `expose` opens a card number.
fn exposures(path: &str, code: &[&str]) -> Vec<Finding> {
    if MAY_EXPOSE.iter().any(|room| path.starts_with(room)) {
        return Vec::new();
    }
    let call = [".exp", "ose("].concat();
    (1..)
        .zip(code)
        .filter(|(_, line)| line.contains(&call) && !line.trim_start().starts_with("//"))
        .map(|(number, _)| format!("{path}:{number}: only vault and network open a card number"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: usize) {
        let findings = look(path, text);
        assert_eq!(findings.len(), expected, "{path}: {findings:?}");
    }

    #[test]
    fn what_is_found() {
        check("crates/onfile-wire/src/form.rs", "fn a() {}\n", 0);
        check("crates/onfile-wire/src/helpers.rs", "", 1);
        check("docs/a.md", &["TO", "DO later"].concat(), 1);
        check("Cargo.lock", &["python", "hosted.org"].concat(), 0);
        check("crates/onfile-wire/src/a.rs", &"x\n".repeat(LINES + 1), 1);
        check("crates/onfile-server/tests/api/a.rs", &"x\n".repeat(LINES + 1), 0);
        let tested = format!("x\n#[cfg(test)]\n{}", "y\n".repeat(LINES));
        check("crates/onfile-wire/src/a.rs", &tested, 0);
        check("crates/onfile-wire/src/a.rs", &"x".repeat(WIDTH + 1), 1);
    }

    #[test]
    fn who_opens_a_card_number() {
        let line = ["pan.exp", "ose()"].concat();
        check("crates/onfile-vault/src/seal.rs", &line, 0);
        check("crates/onfile-network/src/simulated/issuer.rs", &line, 0);
        check("crates/onfile-server/src/network.rs", &line, 1);
        check("crates/onfile-server/src/pipeline.rs", &line, 1);
        check("crates/onfile-wire/src/views.rs", &line, 1);
    }
}
