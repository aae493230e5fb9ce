//! Runs every test: clippy and Rust's, then Stripe's SDKs, its CLI and a browser against a running
//! server, then the strict look at the shape of every answer that was given on the way.
//!
//! A runner that fails does not stop the others. What is not run is named; nothing is skipped.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};

mod chatter;
mod counts;
mod http;
mod install;
mod recorder;
mod server;

use counts::Counts;
use recorder::Recorder;
use server::Server;

/// One program that runs tests and says in its closing lines how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runner {
    /// `cargo clippy` over the workspace and its tests; a warning fails it.
    Clippy,
    /// `cargo test` over the workspace.
    Rust,
    /// Stripe's Python SDK against a running server.
    Python,
    /// Stripe's Node SDK against a running server.
    Node,
    /// Stripe's command line against a running server.
    Cli,
    /// Chromium on the pages of a running server.
    Browser,
    /// The pytest example, against a running server.
    PytestExample,
    /// The Vitest example, against a running server.
    VitestExample,
    /// The strict shape of every answer recorded by the others.
    Shape,
}

impl Runner {
    /// In the order they run: the shape check reads what the others left.
    const ALL: [Runner; 9] = [
        Runner::Clippy,
        Runner::Rust,
        Runner::Python,
        Runner::Node,
        Runner::Cli,
        Runner::Browser,
        Runner::PytestExample,
        Runner::VitestExample,
        Runner::Shape,
    ];

    fn name(self) -> &'static str {
        match self {
            Runner::Clippy => "clippy",
            Runner::Rust => "rust",
            Runner::Python => "python",
            Runner::Node => "node",
            Runner::Cli => "cli",
            Runner::Browser => "browser",
            Runner::PytestExample => "example-pytest",
            Runner::VitestExample => "example-vitest",
            Runner::Shape => "shape",
        }
    }

    fn needs_venv(self) -> bool {
        match self {
            Runner::Python | Runner::Cli | Runner::PytestExample | Runner::Shape => true,
            Runner::Clippy
            | Runner::Rust
            | Runner::Node
            | Runner::Browser
            | Runner::VitestExample => false,
        }
    }

    fn needs_node(self) -> bool {
        match self {
            Runner::Node | Runner::Cli | Runner::Browser | Runner::VitestExample => true,
            Runner::Clippy
            | Runner::Rust
            | Runner::Python
            | Runner::PytestExample
            | Runner::Shape => false,
        }
    }
}

/// Which runners were asked for, and what the one of them is to be told.
struct Plan {
    runners: Vec<Runner>,
    extra: Vec<String>,
}

impl Plan {
    fn parse(arguments: &[String]) -> Result<Plan> {
        let (ours, extra) = match arguments.iter().position(|argument| argument == "--") {
            Some(at) => (&arguments[..at], arguments[at + 1..].to_vec()),
            None => (arguments, Vec::new()),
        };
        let runners = match ours {
            [] => Runner::ALL.to_vec(),
            [flag, names] if flag == "--only" => {
                let asked: Vec<&str> = names.split(',').collect();
                if let Some(unknown) = asked
                    .iter()
                    .find(|name| !Runner::ALL.iter().any(|runner| runner.name() == **name))
                {
                    bail!("no runner is called {unknown:?}\n{}", crate::USAGE);
                }
                let wanted = |runner: &Runner| asked.contains(&runner.name());
                Runner::ALL.into_iter().filter(wanted).collect()
            }
            _ => bail!("{}", crate::USAGE),
        };
        if !extra.is_empty() && runners.len() != 1 {
            bail!("arguments after `--` go to one runner: name it with --only");
        }
        Ok(Plan { runners, extra })
    }

    fn has(&self, of: impl Fn(Runner) -> bool) -> bool {
        self.runners.iter().copied().any(of)
    }
}

/// The folders and programs that the runners share.
struct Bench {
    root: PathBuf,
    /// `target`, or where `CARGO_TARGET_DIR` says.
    target: PathBuf,
    /// One JSONL file of answers for each source; emptied by every run that makes new ones.
    answers: PathBuf,
}

impl Bench {
    fn python(&self) -> PathBuf {
        self.target.join("venv/bin/python")
    }

    fn node_modules(&self) -> PathBuf {
        self.target.join("node/node_modules")
    }
}

/// Runs what `arguments` ask for (everything, when they are empty).
///
/// # Errors
/// When the arguments make no sense, or the folder of answers can't be made. What can't be
/// installed, built or started fails the runners that need it, and no other.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode> {
    let plan = Plan::parse(arguments)?;
    let target = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    };
    let bench = Bench { root: root.to_path_buf(), answers: target.join("answers"), target };
    // The shape check alone looks at the answers of the run before.
    if plan.has(|runner| runner != Runner::Shape) && bench.answers.exists() {
        std::fs::remove_dir_all(&bench.answers).context("emptying the folder of answers")?;
    }
    std::fs::create_dir_all(&bench.answers).context("making the folder of answers")?;

    let mut results: Vec<(&str, Counts)> = Vec::new();
    let mut server: Option<Server> = None;
    for runner in plan.runners.iter().copied() {
        #[expect(clippy::disallowed_methods, reason = "says how long a runner took")]
        let begun = Instant::now();
        if runner == Runner::Shape {
            results.extend(end(&bench, &mut server));
        }
        let counts = one(&bench, runner, &plan.extra, &mut server).unwrap_or_else(|error| {
            println!("error: {error:#}\n{}: counted as one failure", runner.name());
            Counts { passed: 0, failed: 1 }
        });
        println!("{}: {} s", runner.name(), begun.elapsed().as_secs());
        results.push((runner.name(), counts));
    }
    results.extend(end(&bench, &mut server));
    Ok(close(&plan, &results))
}

/// Brings what `runner` needs, and runs it.
fn one(
    bench: &Bench,
    runner: Runner,
    extra: &[String],
    server: &mut Option<Server>,
) -> Result<Counts> {
    if runner.needs_venv() {
        install::venv(&bench.root, &bench.target)?;
    }
    if runner.needs_node() {
        install::node(&bench.root, &bench.target)?;
    }
    if runner == Runner::Browser {
        install::chromium()?;
    }
    match runner {
        Runner::Clippy => clippy(bench, extra),
        Runner::Rust => rust(bench, extra),
        Runner::Shape => shape(bench, extra),
        Runner::Python
        | Runner::Node
        | Runner::Cli
        | Runner::Browser
        | Runner::PytestExample
        | Runner::VitestExample => {
            let running = match server.take() {
                Some(running) => running,
                None => start(bench)?,
            };
            against_a_server(bench, runner, extra, server.insert(running))
        }
    }
}

/// Builds the server and starts it.
fn start(bench: &Bench) -> Result<Server> {
    chatter::heading("building the server");
    let built = cargo(bench).args(["build", "--package", "onfile"]).status();
    if !built.context("running cargo build")?.success() {
        bail!("the server does not build");
    }
    Server::start(&bench.target.join("debug/onfile"), &log(bench))
}

/// Ends the server, if one runs, and looks at what it logged.
fn end(bench: &Bench, server: &mut Option<Server>) -> Option<(&'static str, Counts)> {
    let mut running = server.take()?;
    let mut counts = server::look_at_log(&log(bench)).unwrap_or_else(|error| {
        println!("error: {error:#}");
        Counts { passed: 0, failed: 1 }
    });
    if !running.is_alive() {
        println!("the server ended before it was told to: see its log");
        counts.failed += 1;
    }
    Some(("server log", counts))
}

fn log(bench: &Bench) -> PathBuf {
    bench.target.join("onfile-test.log")
}

fn cargo(bench: &Bench) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&bench.root);
    command
}

/// One test, which passes where nothing is found.
fn clippy(bench: &Bench, extra: &[String]) -> Result<Counts> {
    chatter::heading("clippy: cargo clippy --workspace --all-targets");
    let mut command = cargo(bench);
    command.args(["clippy", "--workspace", "--all-targets"]).args(extra);
    let found = command.args(["--", "--deny", "warnings"]).status().context("running clippy")?;
    Ok(Counts { passed: u64::from(found.success()), failed: u64::from(!found.success()) })
}

fn rust(bench: &Bench, extra: &[String]) -> Result<Counts> {
    chatter::heading("rust: cargo test --workspace");
    let mut command = cargo(bench);
    command
        .args(["test", "--workspace", "--no-fail-fast"])
        .args(extra)
        .env("ONFILE_ANSWERS_DIR", &bench.answers);
    chatter::run(command, counts::cargo_line)
}

fn against_a_server(
    bench: &Bench,
    runner: Runner,
    extra: &[String],
    server: &Server,
) -> Result<Counts> {
    let answers = bench.answers.join(format!("{}.jsonl", runner.name()));
    let recorder = Recorder::start(server.address, &answers)?;
    chatter::heading(&format!("{}: through {}", runner.name(), recorder.base_url));
    let mut command = suite(bench, runner)?;
    command
        .args(extra)
        .current_dir(&bench.root)
        .env("ONFILE_BASE_URL", &recorder.base_url)
        .env("ONFILE_TARGET_DIR", &bench.target);
    let line = match runner {
        Runner::Node | Runner::Browser => counts::node_line,
        Runner::VitestExample => counts::vitest_line,
        Runner::Python
        | Runner::Cli
        | Runner::PytestExample
        | Runner::Clippy
        | Runner::Rust
        | Runner::Shape => counts::pytest_line,
    };
    chatter::run(command, line)
}

/// The command of a suite that talks to the server.
fn suite(bench: &Bench, runner: Runner) -> Result<Command> {
    let command = match runner {
        Runner::Python => pytest(bench, "tests/sdk/python"),
        Runner::Cli => {
            let mut command = pytest(bench, "tests/cli");
            command.env("ONFILE_STRIPE_CLI", bench.node_modules().join(".bin/stripe"));
            command
        }
        Runner::Node => node(bench, "tests/sdk/node")?,
        Runner::Browser => node(bench, "tests/browser")?,
        Runner::PytestExample => pytest(bench, "examples/pytest"),
        Runner::VitestExample => vitest(bench, "examples/vitest")?,
        Runner::Clippy | Runner::Rust | Runner::Shape => bail!("{} needs no server", runner.name()),
    };
    Ok(command)
}

fn pytest(bench: &Bench, folder: &str) -> Command {
    let mut command = Command::new(bench.python());
    command
        .args(["-m", "pytest", "--color=no", "-q", "-p", "no:cacheprovider", folder])
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn node(bench: &Bench, folder: &str) -> Result<Command> {
    let mut programs: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(bench.root.join(folder)).context("listing Node programs")? {
        let path = entry.context("listing Node programs")?.path();
        if path.to_string_lossy().ends_with(".test.cjs") {
            programs.push(path);
        }
    }
    programs.sort();
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(programs)
        .env("NODE_PATH", bench.node_modules());
    Ok(command)
}

/// Vitest finds what a test imports above the test, so the example is run beside the modules.
fn vitest(bench: &Bench, folder: &str) -> Result<Command> {
    let beside = bench.target.join("node/example");
    std::fs::create_dir_all(&beside).context("making the folder of the Vitest example")?;
    for entry in std::fs::read_dir(bench.root.join(folder)).context("listing the example")? {
        let entry = entry.context("listing the example")?;
        // What somebody installed there is not the example.
        if entry.path().is_dir() {
            continue;
        }
        std::fs::copy(entry.path(), beside.join(entry.file_name()))
            .context("copying the Vitest example")?;
    }
    let mut command = Command::new(bench.node_modules().join(".bin/vitest"));
    command.args(["run", "--root"]).arg(beside).env("NO_COLOR", "1");
    Ok(command)
}

fn shape(bench: &Bench, extra: &[String]) -> Result<Counts> {
    chatter::heading("shape: every recorded answer, strictly");
    let mut command = Command::new(bench.python());
    command
        .args([OsStr::new("tests/shape/check.py"), bench.answers.as_os_str()])
        .args(extra)
        .current_dir(&bench.root)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    chatter::run(command, counts::plain_line)
}

/// Prints what each runner came to, what was not asked for, and the sum as the last line.
fn close(plan: &Plan, results: &[(&str, Counts)]) -> ExitCode {
    chatter::heading("all runners");
    let mut sum = Counts::default();
    for (name, counts) in results {
        println!("{name}: {} passed, {} failed", counts.passed, counts.failed);
        sum.add(*counts);
    }
    let absent = Runner::ALL.iter().filter(|runner| !plan.runners.contains(runner));
    for runner in absent {
        println!("{}: not asked for", runner.name());
    }
    println!("{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed == 0 && sum.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
