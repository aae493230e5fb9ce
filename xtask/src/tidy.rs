//! The house style, where a machine can hold it: sizes of files, arrows between crates, words that
//! must not stand here, who may open a card number, where papers point. Runs as a verb and as a
//! test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

mod arrows;
mod links;
mod texts;

/// A thing that is wrong: where, and what.
type Finding = String;

/// A file of the tree that git knows or would take.
struct Text {
    /// Relative to the root, with `/` between its parts.
    path: String,
    text: String,
}

/// Looks at the whole tree and prints what is wrong with it.
///
/// # Errors
/// When the tree could not be read; a finding is no error, but makes the exit code a failure.
pub(crate) fn run(root: &Path) -> Result<ExitCode> {
    let findings = look(root)?;
    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} findings", findings.len());
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn look(root: &Path) -> Result<Vec<Finding>> {
    let mut findings = arrows::look(root)?;
    for text in tree(root)? {
        findings.extend(texts::look(&text.path, &text.text));
        findings.extend(links::look(&text.path, &text.text, |path| at(&root.join(path))));
    }
    findings.sort();
    Ok(findings)
}

/// Every text file that is tracked, or would be: files that git ignores are nobody's.
fn tree(root: &Path) -> Result<Vec<Text>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("running git ls-files")?;
    if !listed.status.success() {
        bail!("git ls-files failed: {}", String::from_utf8_lossy(&listed.stderr));
    }
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let mut texts = Vec::new();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let path: PathBuf = root.join(name);
        // A file that was just removed, or that holds no text, has nothing to look at.
        let Ok(bytes) = fs::read(&path) else { continue };
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        texts.push(Text { path: name.to_owned(), text });
    }
    Ok(texts)
}

/// What is at a path: nothing in a folder, `None` where there is nothing.
fn at(path: &Path) -> Option<String> {
    if path.is_dir() { Some(String::new()) } else { fs::read_to_string(path).ok() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tree_is_tidy() {
        let findings = super::look(&crate::root()).unwrap();
        assert!(findings.is_empty(), "\n{}", findings.join("\n"));
    }
}
