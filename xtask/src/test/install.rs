//! Installs what the tests need: a Python virtual environment and Node modules under `target/`, and
//! Debian's packages where that is allowed; elsewhere it says the one command and fails.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::chatter;

/// Where Debian puts it.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Makes `target/venv` hold exactly what `tests/requirements*.txt` pin.
pub(super) fn venv(root: &Path, target: &Path) -> Result<()> {
    let folder = target.join("venv");
    let all = root.join("tests/requirements.txt");
    let alone = root.join("tests/requirements-alone.txt");
    let wanted = read(&all)? + &read(&alone)?;
    let stamp = folder.join("requirements.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    debian("Python 3.11 with venv", &["python3", "python3-venv"], || {
        runs("python3", &["-c", "import ensurepip, venv, tomllib"])
    })?;
    chatter::heading("installing the Python virtual environment");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("removing the old virtual environment")?;
    }
    must(Command::new("python3").args([OsStr::new("-m"), OsStr::new("venv")]).arg(&folder))?;
    let pip = |more: &[&OsStr]| {
        must(Command::new(folder.join("bin/python")).args(PIP_INSTALL).args(more))
    };
    pip(&["-r".as_ref(), all.as_os_str()])?;
    // Of these only what they hold is read, so what they would draw in is left out.
    pip(&["--no-deps".as_ref(), "-r".as_ref(), alone.as_os_str()])?;
    fs::write(&stamp, wanted).context("noting what was installed")
}

const PIP_INSTALL: [&str; 5] = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];

/// Makes `target/node/node_modules` hold what the lockfile of `tests/sdk/node` pins.
///
/// Not by `npm ci`: Stripe's CLI has a package for each platform, a registry need not hold all of
/// them, and `ci` refuses a lockfile that leaves some out. `install` keeps to what is locked.
pub(super) fn node(root: &Path, target: &Path) -> Result<()> {
    let source = root.join("tests/sdk/node");
    let folder = target.join("node");
    let lock = read(&source.join("package-lock.json"))?;
    let stamp = folder.join("lock.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    debian("Node and npm", &["nodejs", "npm"], || {
        runs("node", &["--version"]) && runs("npm", &["--version"])
    })?;
    chatter::heading("installing the Node modules");
    fs::create_dir_all(&folder).context("making the folder of Node modules")?;
    for file in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(source.join(file), folder.join(file))
            .with_context(|| format!("copying {file}"))?;
    }
    must(
        Command::new("npm").args(["install", "--ignore-scripts", "--no-save"]).current_dir(&folder),
    )?;
    fs::write(&stamp, lock).context("noting what was installed")
}

/// Sees to it that Debian's Chromium is there.
///
/// # Errors
/// When it is not and this user may not install it: the error is the command to run.
pub(super) fn chromium() -> Result<()> {
    debian("Chromium", &["chromium"], || Path::new(CHROMIUM).exists())
}

/// Sees to it that what `is_there` looks for is there, and installs `packages` where it is not.
fn debian(what: &str, packages: &[&str], is_there: impl Fn() -> bool) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    chatter::heading(&format!("installing {what}"));
    let Some(mut as_root) = privilege() else {
        bail!(
            "the tests need {what}\n\
             hint: sudo apt-get update && sudo apt-get install --no-install-recommends {}",
            packages.join(" ")
        );
    };
    must(as_root().args(["apt-get", "update", "-qq"]))?;
    must(
        as_root()
            .args([
                "DEBIAN_FRONTEND=noninteractive",
                "apt-get",
                "install",
                "-y",
                "-qq",
                "--no-install-recommends",
            ])
            .args(packages),
    )?;
    if !is_there() {
        bail!("{} was installed, and {what} is not there", packages.join(" "));
    }
    Ok(())
}

/// Whether the program runs with these arguments and is content.
fn runs(program: &str, arguments: &[&str]) -> bool {
    let quiet = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    quiet.is_ok_and(|status| status.success())
}

/// How to run a command as root: `env` when we are, `sudo -n` when we may, `None` when neither.
fn privilege() -> Option<impl FnMut() -> Command> {
    let user = Command::new("id").arg("-u").stdin(Stdio::null()).output();
    let is_root = user.is_ok_and(|output| output.stdout == b"0\n");
    let may_sudo = !is_root && runs("sudo", &["-n", "true"]);
    (is_root || may_sudo).then_some(move || {
        if is_root {
            return Command::new("env");
        }
        let mut command = Command::new("sudo");
        command.args(["-n", "env"]);
        command
    })
}

fn read(path: &PathBuf) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

fn must(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("starting {:?}", command.get_program()))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn at_root(path: &str) -> String {
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).expect("a file")
    }

    /// Whoever installs for an example what its folder says has what it is tested with.
    #[test]
    fn the_examples_ask_for_what_they_are_tested_with() {
        let lines = |path| -> Vec<String> {
            let text = at_root(path);
            let pins = text.lines().filter(|line| line.contains("=="));
            pins.map(str::to_owned).collect()
        };
        let tested = lines("tests/requirements.txt");
        let asked = lines("examples/pytest/requirements.txt");
        assert!(asked.len() > 1, "{asked:?}");
        assert!(asked.iter().all(|pin| tested.contains(pin)), "{asked:?} {tested:?}");

        let json = |path: &str| -> Value { serde_json::from_str(&at_root(path)).expect("JSON") };
        let tested = json("tests/sdk/node/package.json");
        let asked = json("examples/vitest/package.json");
        let pins = asked["devDependencies"].as_object().expect("an object");
        assert!(pins.len() > 1, "{asked}");
        for (name, version) in pins {
            assert_eq!(tested["dependencies"][name], *version, "{name}");
        }
    }
}
