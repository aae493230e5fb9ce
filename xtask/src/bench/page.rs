//! `docs/benchmarks.md`: the figures, between two marks; what people wrote around them stays.

use anyhow::{Context, Result};

use super::{Bench, Figure};

const BEGIN: &str = "<!-- figures: written by `cargo xtask bench --write` -->";
const END: &str = "<!-- end of figures -->";

/// One figure as a row of the table.
pub(super) fn line(figure: &Figure) -> String {
    format!(
        "| {} | {} | **{}** | {} | {} |",
        figure.row, figure.what, figure.value, figure.at_least, figure.aim
    )
}

/// Puts the figures into the page.
pub(super) fn write(bench: &Bench, figures: &[Figure]) -> Result<()> {
    let path = bench.root.join("docs/benchmarks.md");
    let page = std::fs::read_to_string(&path).context("reading docs/benchmarks.md")?;
    let (head, rest) = page.split_once(BEGIN).context("docs/benchmarks.md has no first mark")?;
    let (_, tail) = rest.split_once(END).context("docs/benchmarks.md has no last mark")?;
    let mut table =
        String::from("| # | measured | figure | at least | aim |\n|---|---|---|---|---|\n");
    for figure in figures {
        table.push_str(&line(figure));
        table.push('\n');
    }
    let how = format!(
        "{} rounds of {} s each; medians of paired ratios.\n",
        bench.rounds,
        bench.window.as_secs()
    );
    std::fs::write(&path, format!("{head}{BEGIN}\n\n{how}\n{table}\n{END}{tail}"))
        .context("writing docs/benchmarks.md")
}
