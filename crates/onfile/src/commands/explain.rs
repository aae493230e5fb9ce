//! `onfile explain <code>`: what an error code means, and what to do.

use std::io::Write;

use anyhow::{Result, bail};
use onfile_wire::codes;

/// What is to be explained.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// An error's `code`, e.g. authentication_required.
    code: String,
}

impl Explain {
    /// Prints the code's row of the table.
    ///
    /// # Errors
    /// When there is no such code.
    pub fn run(&self, out: &mut dyn Write) -> Result<()> {
        let Some(row) = codes::find(&self.code) else {
            bail!("{:?} is no error code\nhint: docs/errors.md lists them all", self.code);
        };
        writeln!(out, "{}\n\n{}", row.code, codes::explain(row))?;
        Ok(())
    }
}
