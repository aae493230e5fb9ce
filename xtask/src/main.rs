//! The project's own chores: `cargo xtask <verb>`.
//!
//! `test` runs every test there is, having installed what it needs under `target/`; `tidy` holds
//! the house style where a machine can; `bench` measures; `proof` plays what takes longer than CI
//! may. All but `bench` fail when something is wrong.

#![deny(unreachable_pub)]
#![expect(clippy::print_stdout, reason = "a chore says on stdout what it found")]

use std::path::PathBuf;
use std::process::ExitCode;

mod bench;
mod proof;
mod test;
mod tidy;

const USAGE: &str = "\
usage: cargo xtask test [--only RUNNER[,RUNNER…]] [-- ARGUMENTS OF THE ONE RUNNER]
       cargo xtask tidy
       cargo xtask bench [--only P1,P2,P3,P4,P5,P6,P7,A1]
             [--seconds N] [--rounds N] [--cards N] [--write]
       cargo xtask proof adjustments [--sequences N]
       cargo xtask proof deliveries [--events N]

runners: clippy, rust, python, node, cli, browser, shape
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((verb, rest)) if verb == "test" => test::run(&root(), rest),
        Some((verb, rest)) if verb == "bench" => bench::run(&root(), rest),
        Some((verb, rest)) if verb == "proof" => proof::run(&root(), rest),
        Some((verb, [])) if verb == "tidy" => tidy::run(&root()),
        Some(_) | None => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root folder: the parent of this crate.
fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}
