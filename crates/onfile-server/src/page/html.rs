//! The words and looks of the page.

use onfile_domain::network::ChallengeAnswer;
use onfile_wire::form::{Hash, Value};

use crate::page::{Authenticator, Challenge};

/// The looks of every page.
pub(super) const STYLE: &str = include_str!("style.css");

/// One form with two buttons.
#[derive(Debug, Clone, Copy)]
pub struct PlainPage;

impl Authenticator for PlainPage {
    fn page(&self, challenge: &Challenge) -> String {
        let heading = match &challenge.amount {
            Some(amount) => format!("Confirm your payment of {}", escape(amount)),
            None => "Confirm that you save this card".to_owned(),
        };
        let amount = match &challenge.amount {
            Some(amount) => format!("<div><dt>Amount</dt><dd>{}</dd></div>", escape(amount)),
            None => String::new(),
        };
        let body = format!(
            r#"<p class="mode">Test mode: no money moves.</p>
<h1>{heading}</h1>
<p>Your bank asks whether it is you.</p>
<dl>
<div><dt>Merchant</dt><dd>{merchant}</dd></div>
{amount}
<div><dt>Card</dt><dd>{brand} ending in {last4}</dd></div>
</dl>
<form method="post" action="{action}">
<button id="test-source-authorize-3ds" name="answer" value="completed">Complete authentication</button>
<button id="test-source-fail-3ds" class="second" name="answer" value="failed">Fail authentication</button>
</form>"#,
            merchant = escape(&challenge.merchant),
            brand = escape(&challenge.brand),
            last4 = escape(&challenge.last4),
            action = escape(&challenge.action),
        );
        page("Authentication", &body)
    }

    fn answer(&self, form: &Hash) -> Option<ChallengeAnswer> {
        match form.get("answer") {
            Some(Value::Text(text)) if text == "completed" => Some(ChallengeAnswer::Completed),
            Some(Value::Text(text)) if text == "failed" => Some(ChallengeAnswer::Failed),
            Some(Value::Text(_) | Value::List(_) | Value::Hash(_)) | None => None,
        }
    }
}

/// A page that only says something.
pub(super) fn notice(heading: &str, text: &str) -> String {
    let body = format!("<h1>{}</h1>\n<p>{}</p>", escape(heading), escape(text));
    page(heading, &body)
}

fn page(title: &str, body: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="stylesheet" href="/onfile/3ds/style.css">
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"#,
        title = escape(title),
    )
}

/// A text that can stand in HTML, in an attribute too.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_becomes_markup() {
        let page = PlainPage.page(&Challenge {
            action: "/onfile/3ds/payatt_1?a=1&b=\"2".to_owned(),
            merchant: "<script>alert('x')</script>".to_owned(),
            amount: Some("$10.99 USD".to_owned()),
            brand: "Visa".to_owned(),
            last4: "3155".to_owned(),
        });
        assert!(!page.contains("<script"));
        assert!(page.contains("action=\"/onfile/3ds/payatt_1?a=1&amp;b=&quot;2\""));
        assert!(page.contains("id=\"test-source-authorize-3ds\""));
        assert!(page.contains("id=\"test-source-fail-3ds\""));
    }

    #[test]
    fn what_a_form_says() {
        let answer =
            |text: &str| PlainPage.answer(&onfile_wire::form::parse(text.as_bytes()).unwrap());
        assert_eq!(answer("answer=completed"), Some(ChallengeAnswer::Completed));
        assert_eq!(answer("answer=failed"), Some(ChallengeAnswer::Failed));
        assert_eq!(answer("answer=timed_out"), None);
        assert_eq!(answer(""), None);
    }
}
