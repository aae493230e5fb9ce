//! A server of our own, and the folder that it keeps things in.

use std::fs::{File, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::client::Client;

/// A folder for one test, removed in the end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("onfile-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    pub fn key(&self) -> PathBuf {
        self.0.join("master.key")
    }

    pub fn log(&self) -> PathBuf {
        self.0.join("log")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

pub fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A running server; killed when dropped.
pub struct Running {
    child: Child,
    client: Client,
}

impl Running {
    /// Starts it, and waits until it says where it listens.
    pub fn start(folder: &Folder) -> Running {
        Running::start_with(folder, &[])
    }

    /// The same, with variables of its environment.
    pub fn start_with(folder: &Folder, variables: &[(&str, &str)]) -> Running {
        Running::start_at(folder, 0, variables)
    }

    /// The same, on a port that was chosen before.
    pub fn start_at(folder: &Folder, port: u16, variables: &[(&str, &str)]) -> Running {
        let log = File::options().create(true).append(true).open(folder.log()).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_onfile"))
            .args(["serve", "--print-json", "--free-megabytes", "0", "--port"])
            .arg(port.to_string())
            .arg("--data-dir")
            .arg(folder.data())
            .arg("--master-key-file")
            .arg(folder.key())
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|_| {
            panic!("{line:?} {}", std::fs::read_to_string(folder.log()).unwrap())
        });
        let url = said["base_url"].as_str().unwrap();
        let client = Client(url.trim_start_matches("http://").parse().unwrap());
        Running { child, client }
    }

    pub fn client(&self) -> Client {
        self.client
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, which ends it well.
    pub fn terminate(mut self) {
        let done = Command::new("kill").arg(self.pid().to_string()).status().unwrap();
        assert!(done.success());
        assert!(self.child.wait().unwrap().success(), "it does not end well");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already: then there is nothing to end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
