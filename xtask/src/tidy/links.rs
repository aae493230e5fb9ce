//! Papers that point to one another: where a link leads, something is.

use std::path::{Component, Path, PathBuf};

use super::Finding;

/// Finds links of the paper `text` at `path` that lead nowhere; `read` gives what is at a path,
/// which is nothing for a folder, and `None` where there is nothing.
pub(super) fn look(path: &str, text: &str, read: impl Fn(&Path) -> Option<String>) -> Vec<Finding> {
    if !path.ends_with(".md") {
        return Vec::new();
    }
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for target in targets(line) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let there = if file.is_empty() {
                Some(text.to_owned())
            } else {
                read(&plain(&folder.join(file)))
            };
            let is_there =
                there.is_some_and(|it| heading.is_empty() || headings(&it).any(|h| h == heading));
            if !is_there {
                findings.push(format!("{path}:{number}: {target} leads nowhere"));
            }
        }
    }
    findings
}

/// What a line's links name, save addresses elsewhere.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let behind = line.split("](").skip(1);
    let named = behind.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    named.filter(|target| !target.contains("://"))
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

/// A paper's headings, as a link names them.
fn headings(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter(|line| line.starts_with('#')).map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
        kept.map(|it| if it == ' ' { '-' } else { it }).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: usize) {
        let read = |path: &Path| match path.to_str() {
            Some("docs/guides/b.md") => Some("# B\n\n## When it's tried, again\n".to_owned()),
            Some("docs/proof") => Some(String::new()),
            _ => None,
        };
        let findings = look("docs/guides/a.md", text, read);
        assert_eq!(findings.len(), expected, "{text}: {findings:?}");
    }

    #[test]
    fn links() {
        check("[b](b.md), [b](../guides/b.md#b) and [proof](../proof/)", 0);
        check("[b](b.md#when-its-tried-again) https://example.com [x](https://example.com)", 0);
        check("# Here\n[here](#here) [there](#there)", 1);
        check("[b](c.md) and [b](b.md#c)", 2);
        check("`list[0](x`", 0);
    }
}
