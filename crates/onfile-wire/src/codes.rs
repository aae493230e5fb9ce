//! The one table of error codes: what each means and what to do about it.
//!
//! `docs/errors.md` and `onfile explain` are made from it, and an error can't carry a code that
//! is not in it.

mod table;

pub use table::CODES;

/// Whose code it is, which decides where it is documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Stripe's, with a page of theirs.
    Stripe,
    /// Stripe's, without a page.
    StripeUndocumented,
    /// Ours; the address of our page.
    Ours(&'static str),
}

/// One code.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// The code on the wire.
    pub code: &'static str,
    /// Whose it is.
    pub origin: Origin,
    /// What brings it about.
    pub cause: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// A call that gets it.
    pub example: &'static str,
}

/// The row of a code.
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.binary_search_by(|row| row.code.cmp(code)).ok().map(|at| &CODES[at])
}

/// Where a code is explained: the error's `doc_url`. Our own pages are on this very server, which
/// the request reached at `base`.
pub fn doc_url(code: &str, base: &str) -> Option<String> {
    match find(code)?.origin {
        Origin::Stripe => {
            Some(format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-")))
        }
        Origin::StripeUndocumented => None,
        Origin::Ours(page) => Some(format!("{base}{page}")),
    }
}

/// The text of `docs/errors.md`.
pub fn errors_page() -> String {
    let mut page = String::from(
        "# Error codes\n\nEach `code` that an answer can carry, what brings it about and what to \
         do. Generated from the table of codes in `onfile-wire`; `onfile explain <code>` prints \
         the same, and explains decline codes, advice codes and the rules of a trace too.\n",
    );
    for row in CODES {
        page.push_str(&format!("\n## `{}`\n\n{}\n", row.code, explain(row)));
    }
    page
}

/// What there is to say about one code.
pub fn explain(row: &Code) -> String {
    let whose = match row.origin {
        Origin::Stripe | Origin::StripeUndocumented => "A code of Stripe's API.",
        Origin::Ours(_) => "A code of onfile's own.",
    };
    format!("{} {whose}\n\n{}\n\nExample: {}", row.cause, row.remedy, row.example)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "http://127.0.0.1:12111";

    #[test]
    fn the_table_is_sorted_and_says_something() {
        assert!(CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
        for row in CODES {
            for text in [row.cause, row.remedy, row.example] {
                assert!(text.ends_with('.') && text.len() > 10, "{}: {text}", row.code);
            }
        }
    }

    #[test]
    fn where_codes_are_explained() {
        assert_eq!(
            doc_url("authentication_required", BASE).as_deref(),
            Some("https://stripe.com/docs/error-codes/authentication-required")
        );
        assert_eq!(doc_url("property_expansion_max_depth", BASE), None);
        assert_eq!(
            doc_url("parameter_unsupported", BASE).as_deref(),
            Some("http://127.0.0.1:12111/docs/coverage.md")
        );
        assert_eq!(doc_url("nonsense", BASE), None);
    }

    #[test]
    fn the_page_has_every_code() {
        let page = errors_page();
        assert!(CODES.iter().all(|row| page.contains(&format!("## `{}`", row.code))));
    }
}
