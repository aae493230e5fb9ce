//! The arrows between the crates, read from `cargo metadata`: what can't be imported can't leak in.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Finding;

/// Each of our crates and those of ours that it may use.
const ARROWS: [(&str, &[&str]); 8] = [
    ("onfile-domain", &[]),
    ("onfile-wire", &["onfile-domain"]),
    ("onfile-vault", &["onfile-domain"]),
    ("onfile-store", &["onfile-domain"]),
    ("onfile-network", &["onfile-domain"]),
    (
        "onfile-server",
        &["onfile-domain", "onfile-wire", "onfile-vault", "onfile-store", "onfile-network"],
    ),
    (
        "onfile",
        &[
            "onfile-domain",
            "onfile-wire",
            "onfile-vault",
            "onfile-store",
            "onfile-network",
            "onfile-server",
        ],
    ),
    ("xtask", &[]),
];

/// All that the rules may use of others' work: no async, no serde, no clock, no I/O.
const RULES_USE: [&str; 2] = ["thiserror", "zeroize"];

/// Finds arrows that point where none may, and members without a place in the picture.
pub(super) fn look(root: &Path) -> Result<Vec<Finding>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .context("running cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata = serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
    Ok(judge(&metadata))
}

fn judge(metadata: &Value) -> Vec<Finding> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut findings = Vec::new();
    for package in list(&metadata["packages"]) {
        let name = package["name"].as_str().unwrap_or_default().to_owned();
        let Some((_, allowed)) = ARROWS.iter().find(|(member, _)| *member == name) else {
            findings.push(format!("{name}: no place among the rooms (xtask/src/tidy/arrows.rs)"));
            continue;
        };
        for dependency in list(&package["dependencies"]) {
            let used = dependency["name"].as_str().unwrap_or_default();
            let ours = ARROWS.iter().any(|(member, _)| *member == used);
            let in_tests = dependency["kind"].as_str() == Some("dev");
            if ours && !allowed.contains(&used) {
                findings.push(format!("{name}: may not use {used}"));
            }
            if name == "onfile-domain" && !ours && !in_tests && !RULES_USE.contains(&used) {
                findings.push(format!("{name}: the rules may not use {used}"));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arrows_that_point_back_are_found() {
        let uses = |name: &str, kind: Value| json!({"name": name, "kind": kind});
        let metadata = json!({"packages": [
            {"name": "onfile-domain", "dependencies": [
                uses("thiserror", Value::Null), uses("tokio", Value::Null),
                uses("proptest", json!("dev")), uses("onfile-wire", Value::Null)]},
            {"name": "onfile-wire", "dependencies": [uses("onfile-domain", Value::Null)]},
            {"name": "onfile-misc", "dependencies": []},
        ]});
        let findings = judge(&metadata);
        assert_eq!(findings.len(), 3, "{findings:?}");
        assert!(findings[0].contains("tokio"));
        assert!(findings[1].contains("onfile-wire"));
        assert!(findings[2].contains("onfile-misc"));
    }
}
