//! `onfile explain <code>`: what a code of an answer or a rule of a trace means, and what to do.

use std::io::Write;

use anyhow::{Result, bail};
use onfile_domain::decline::{self, Class};
use onfile_domain::gateway::rules;
use onfile_wire::codes;

/// What is to be explained.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// An error's `code`, `decline_code` or `advice_code`, or a rule of an attempt's trace:
    /// authentication_required, insufficient_funds, try_again_later, S11.
    code: String,
}

/// What each `advice_code` asks for.
const ADVICE: &[(&str, &str)] = &[
    (
        "confirm_card_data",
        "Have the customer check number, date and security code, then try again.",
    ),
    ("do_not_try_again", "Ask for another card: this one will be declined again."),
    ("try_again_later", "The same card may pass another time: try again in some hours or days."),
];

impl Explain {
    /// Prints everything that the word means.
    ///
    /// # Errors
    /// When it means nothing here.
    pub(crate) fn run(&self, out: &mut dyn Write) -> Result<()> {
        let code = self.code.as_str();
        let found: Vec<String> = [
            codes::find(code).map(codes::explain),
            decline_code(code),
            advice_code(code),
            rules::meaning(code).map(|text| format!("A rule in the trace of an attempt. {text}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if found.is_empty() {
            bail!(
                "{code:?} is no error code, decline code, advice code or rule\n\
                 hint: docs/errors.md lists the error codes; a trace is read with \
                 GET /onfile/v1/attempts?payment_intent=pi_…"
            );
        }
        writeln!(out, "{code}\n\n{}", found.join("\n\n"))?;
        Ok(())
    }
}

/// What a `decline_code` means, from the table that banks' answers are read by.
fn decline_code(code: &str) -> Option<String> {
    let rows: Vec<_> = decline::rows().filter(|row| row.stripe.1 == Some(code)).collect();
    let first = rows.first()?;
    let decline = decline::plain(first.stripe.0, Some(code));
    let mut answers: Vec<&str> = rows.iter().map(|row| row.code).collect();
    let mut retries: Vec<&str> = rows.iter().map(|row| retry(row.class)).collect();
    let mut advice: Vec<&str> = rows.iter().filter_map(|row| row.advice).collect();
    for list in [&mut answers, &mut retries, &mut advice] {
        list.sort_unstable();
        list.dedup();
        list.retain(|word| !word.is_empty());
    }
    let mut text = format!(
        "A decline code, with the error code `{}`: \"{}\"\n\nTry again: {}.",
        decline.code,
        decline.message,
        retries.join("; or ")
    );
    if !advice.is_empty() {
        text.push_str(&format!(" Its `advice_code` can be {}.", advice.join(", ")));
    }
    if !answers.is_empty() {
        let answers = answers.join(", ");
        text.push_str(&format!(
            " It stands for the bank's answers (`network_decline_code`) {answers}."
        ));
    }
    Some(text)
}

fn advice_code(code: &str) -> Option<String> {
    let (_, text) = ADVICE.iter().find(|(known, _)| *known == code)?;
    Some(format!("An advice code, beside a decline. {text}"))
}

/// What may be tried after a decline of this class.
fn retry(class: Class) -> &'static str {
    match class {
        Class::Approved => "",
        Class::Hard => "never, with this card",
        Class::Timed => "later, not at once",
        Class::Fix => "with corrected card data",
        Class::StepUp => "with the customer there, on session",
        Class::Technical => "soon: the trouble is the network's or the bank's",
        Class::Unknown => "after a look at the payment: what came of it isn't known",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: &str) -> String {
        let mut out = Vec::new();
        Explain { code: code.to_owned() }.run(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn words_of_declines_advice_and_traces() {
        for (code, part) in [
            ("insufficient_funds", "Your card has insufficient funds."),
            ("insufficient_funds", "Try again: later"),
            ("generic_decline", "A decline code"),
            ("lost_card", "Try again: never, with this card."),
            ("do_not_try_again", "An advice code"),
            ("do_not_try_again", "A decline code"),
            ("S11", "A rule in the trace"),
            ("mit.no_nti", "without the id"),
            ("authentication_required", "A code of Stripe's API."),
        ] {
            let text = said(code);
            assert!(text.starts_with(&format!("{code}\n")) && text.contains(part), "{text}");
        }
        let nothing = Explain { code: "nonsense".to_owned() };
        assert!(nothing.run(&mut Vec::new()).is_err());
    }

    #[test]
    fn every_word_of_the_table_is_explained() {
        for row in decline::rows() {
            let codes = [row.stripe.1, row.advice];
            for code in codes.into_iter().flatten().filter(|code| !code.is_empty()) {
                said(code);
            }
        }
    }
}
