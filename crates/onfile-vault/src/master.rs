//! The master key: 32 bytes in a file of its own, outside the data folder and in no backup of it.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};

#[cfg(unix)]
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

use zeroize::Zeroizing;

use crate::fault::MasterKeyFault;
use crate::keys::KEY_LEN;
use crate::sealing::random;

/// The most that a key file may hold: the key in hex, with room for spaces and ends of lines.
const FILE_MAX: u64 = 256;

/// The key that wraps the vault's keys. No `Clone`, and nothing of it is ever printed.
pub struct MasterKey(Zeroizing<[u8; KEY_LEN]>);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(redacted)")
    }
}

impl MasterKey {
    /// A new key that is written nowhere, for a server that keeps nothing.
    ///
    /// # Errors
    /// When the system's generator fails.
    pub fn ephemeral() -> Result<MasterKey, crate::VaultFault> {
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        random(bytes.as_mut_slice())?;
        Ok(MasterKey(bytes))
    }

    /// Makes a new key and writes it, in hex, to a new file of mode 0600; folders that are
    /// missing are made with mode 0700. The file is on the disk when this returns.
    ///
    /// # Errors
    /// When there is a file already, or the file system or the generator fails.
    pub fn create(path: &Path) -> Result<MasterKey, MasterKeyFault> {
        let io = |source: io::Error| match source.kind() {
            ErrorKind::AlreadyExists => MasterKeyFault::Exists(path.to_owned()),
            _ => MasterKeyFault::Io { path: path.to_owned(), source },
        };
        let key = MasterKey::ephemeral().map_err(|fault| io(io::Error::other(fault)))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            make_folder(folder).map_err(io)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(path).map_err(io)?;
        let text = key.to_hex();
        if let Err(source) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
            // Half a key would stand in the way of the next start.
            _ = fs::remove_file(path);
            return Err(io(source));
        }
        // A new name is safe only when its folder is.
        File::open(folder.unwrap_or(Path::new("."))).and_then(|it| it.sync_all()).map_err(io)?;
        Ok(key)
    }

    /// Reads a key from a file that only its owner may reach: 64 hex digits, or base64 of either
    /// alphabet.
    ///
    /// # Errors
    /// When there is none, others may reach it, or it holds something else.
    pub fn read(path: &Path) -> Result<MasterKey, MasterKeyFault> {
        let io = |source: io::Error| match source.kind() {
            ErrorKind::NotFound => MasterKeyFault::Missing(path.to_owned()),
            _ => MasterKeyFault::Io { path: path.to_owned(), source },
        };
        let file = File::open(path).map_err(io)?;
        check_mode(path, &file.metadata().map_err(io)?)?;
        let mut text = Zeroizing::new(Vec::with_capacity(FILE_MAX as usize));
        file.take(FILE_MAX).read_to_end(&mut text).map_err(io)?;
        MasterKey::parse(&text).ok_or_else(|| MasterKeyFault::NotAKey(path.to_owned()))
    }

    /// Refuses a key that lies inside the data folder, where a backup would take it along.
    ///
    /// # Errors
    /// When it does, or the file system fails.
    pub fn check_outside(path: &Path, data: &Path) -> Result<(), MasterKeyFault> {
        if real_place(path).starts_with(real_place(data)) {
            let (path, data) = (path.to_owned(), data.to_owned());
            return Err(MasterKeyFault::BesideData { path, data });
        }
        Ok(())
    }

    /// Reads the key's text.
    fn parse(text: &[u8]) -> Option<MasterKey> {
        let text = text.trim_ascii();
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        let whole = match text.len() {
            64 => read_digits(text, 4, hex_digit, bytes.as_mut_slice()),
            43 => read_digits(text, 6, base64_digit, bytes.as_mut_slice()),
            44 => read_digits(text.strip_suffix(b"=")?, 6, base64_digit, bytes.as_mut_slice()),
            _ => None,
        };
        whole.map(|()| MasterKey(bytes))
    }

    fn to_hex(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(2 * KEY_LEN + 1));
        for byte in self.0.iter() {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).expect("a nibble is below 16"));
            }
        }
        text.push('\n');
        text
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}

/// Fills `out` from digits of so many bits each; bits left over must be zero.
fn read_digits(text: &[u8], bits: u32, digit: fn(u8) -> Option<u8>, out: &mut [u8]) -> Option<()> {
    let (mut held, mut count, mut at) = (0u32, 0, 0);
    for byte in text {
        held = (held << bits) | u32::from(digit(*byte)?);
        count += bits;
        if count >= 8 {
            count -= 8;
            *out.get_mut(at)? = (held >> count) as u8;
            held &= (1 << count) - 1;
            at += 1;
        }
    }
    (at == out.len() && held == 0).then_some(())
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

fn base64_digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(unix)]
fn check_mode(path: &Path, metadata: &fs::Metadata) -> Result<(), MasterKeyFault> {
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(MasterKeyFault::Open { path: path.to_owned(), mode })
}

#[cfg(not(unix))]
fn check_mode(_: &Path, _: &fs::Metadata) -> Result<(), MasterKeyFault> {
    Ok(())
}

/// Where a path leads once its links are followed, as far as it exists.
fn real_place(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for known in absolute.ancestors() {
        if let (Ok(mut real), Ok(rest)) = (known.canonicalize(), absolute.strip_prefix(known)) {
            // What isn't there yet has no links: `..` takes back the step before it.
            for step in rest.components() {
                match step {
                    Component::ParentDir => _ = real.pop(),
                    step => real.push(step),
                }
            }
            return real;
        }
    }
    absolute
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_hex_and_in_base64() {
        let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        let bytes: Vec<u8> = (0..32).collect();
        for (text, fits) in [
            (hex, true),
            ("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\n", true),
            ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", true),
            (" AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n", true),
            ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=", false), // bits left over
            (&hex[1..], false),
            ("g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", false),
            ("", false),
        ] {
            let read = MasterKey::parse(text.as_bytes()).map(|key| key.bytes().to_vec());
            assert_eq!(read, fits.then(|| bytes.clone()), "{text}");
        }
    }

    #[test]
    fn a_key_file_is_made_once_and_read_again() {
        let folder = folder("made");
        let path = folder.join("deeper").join("master.key");
        assert!(matches!(MasterKey::read(&path), Err(MasterKeyFault::Missing(_))));
        let made = MasterKey::create(&path).unwrap();
        assert_eq!(MasterKey::read(&path).unwrap().bytes(), made.bytes());
        assert!(matches!(MasterKey::create(&path), Err(MasterKeyFault::Exists(_))));
        fs::write(&path, "hunter2").unwrap();
        let fault = MasterKey::read(&path).unwrap_err();
        assert!(fault.hint().contains("openssl rand"), "{}", fault.hint());
        assert!(!format!("{made:?} {fault} {fault:?}").contains("hunter2"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_reach_is_refused() {
        let folder = folder("open");
        let path = folder.join("master.key");
        MasterKey::create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for (mode, fits) in [(0o400, true), (0o600, true), (0o640, false), (0o604, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let read = MasterKey::read(&path);
            assert_eq!(read.is_ok(), fits, "{mode:o}");
            if let Err(fault) = read {
                assert_eq!(fault.hint(), format!("chmod 600 {}", path.display()));
            }
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_key_beside_the_data_is_refused() {
        let folder = folder("beside");
        let data = folder.join("data");
        fs::create_dir(&data).unwrap();
        for (path, fits) in [
            (folder.join("master.key"), true),
            (folder.join("data.key"), true),
            (data.join("master.key"), false),
            (data.join("not/yet/there/master.key"), false),
            (folder.join("elsewhere/../data/master.key"), false),
        ] {
            assert_eq!(MasterKey::check_outside(&path, &data).is_ok(), fits, "{path:?}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&data, folder.join("link")).unwrap();
            assert!(MasterKey::check_outside(&folder.join("link/master.key"), &data).is_err());
        }
        fs::remove_dir_all(folder).unwrap();
    }

    /// A folder of this test run's own.
    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("onfile-vault-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }
}
