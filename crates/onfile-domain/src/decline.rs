//! What an issuer's no means to those who hear it: the table of `card-network.md` 2.4, with
//! Stripe's texts of `stripe-api.md` 5.3 and 6.2.

use crate::card::Brand;
use crate::gateway::Initiator;
use crate::network::AuthorizationReply;
use crate::payment_method::Check;
use crate::words::words;

mod table;

pub use table::{ROWS, Row, rows};

/// An issuer's no, or ours in its place, as errors and outcomes show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decline {
    /// The error's `code`.
    pub code: String,
    /// The error's `decline_code`.
    pub decline_code: Option<String>,
    /// What the payer may read.
    pub message: String,
    /// The parameter at fault.
    pub param: Option<String>,
    /// Whether to try again.
    pub advice_code: Option<String>,
    /// The network's own advice: Visa's category, Mastercard's merchant advice code.
    pub network_advice_code: Option<String>,
    /// DE39.
    pub network_decline_code: Option<String>,
    /// `outcome.reason`.
    pub reason: Option<String>,
    /// `outcome.seller_message`.
    pub seller_message: String,
}

words! {
    /// What a retry may do (`card-network.md` 7.2).
    Class {
        /// Approved.
        Approved = "A",
        /// Never again with this card.
        Hard = "H",
        /// Later.
        Timed = "T",
        /// With other data.
        Fix = "F",
        /// After the customer proved to be there.
        StepUp = "S",
        /// The network's trouble.
        Technical = "P",
        /// Nobody knows what happened.
        Unknown = "X",
    }
}

/// What a response code says on one network.
pub struct Reading {
    /// What the API shows; meaningless for approvals.
    pub decline: Decline,
    /// What a retry may do.
    pub class: Class,
}

/// Reads an issuer's no with everything that its meaning hangs on: who began the transaction, and
/// what the issuer found of the security code.
pub fn answer(reply: &AuthorizationReply, network: Brand, initiator: Initiator) -> Reading {
    let mastercard = network == Brand::Mastercard;
    let mut read = read(&reply.code, reply.advice.as_deref(), network);
    match (reply.code.as_str(), initiator) {
        ("14", Initiator::Merchant) => read.say("card_declined", "invalid_account"),
        // The customer can step up; to a merchant the card is simply not good.
        ("83", Initiator::Merchant) if mastercard => {
            read.say("card_declined", "fraudulent");
            read.decline.advice_code = Some("do_not_try_again".to_owned());
        }
        ("82", _) if mastercard && reply.cvc == Some(Check::Fail) => {
            read.say("incorrect_cvc", "incorrect_cvc");
            if read.class != Class::Hard {
                read.class = Class::Fix;
            }
        }
        _ => {}
    }
    read
}

/// Reads DE39 and the merchant advice code of a network.
pub fn read(code: &str, advice: Option<&str>, network: Brand) -> Reading {
    let row = table::find(code, advice, network);
    let (our_code, decline_code) = row.stripe;
    let class = if matches!(advice, Some("03" | "21")) { Class::Hard } else { row.class };
    let network_advice = if network == Brand::Mastercard {
        advice.map(str::to_owned)
    } else {
        (1..=3).contains(&row.category).then(|| format!("0{}", row.category))
    };
    let mut decline = plain(our_code, decline_code);
    decline.advice_code = row.advice.map(str::to_owned);
    decline.network_advice_code = network_advice;
    decline.network_decline_code = Some(code.to_owned());
    Reading { decline, class }
}

impl Reading {
    /// Says it with other codes; what the network advised stays.
    fn say(&mut self, code: &str, decline_code: &str) {
        let said = plain(code, Some(decline_code));
        self.decline = Decline {
            advice_code: self.decline.advice_code.take(),
            network_advice_code: self.decline.network_advice_code.take(),
            network_decline_code: self.decline.network_decline_code.take(),
            ..said
        };
    }
}

/// A decline of ours with these codes, and the texts that go with them.
pub fn plain(code: &str, decline_code: Option<&str>) -> Decline {
    let reason = decline_code.unwrap_or(code);
    Decline {
        code: code.to_owned(),
        decline_code: decline_code.map(str::to_owned),
        message: message(code, decline_code).to_owned(),
        param: param(code).map(str::to_owned),
        advice_code: None,
        network_advice_code: None,
        network_decline_code: None,
        reason: Some(reason.to_owned()),
        seller_message: seller_message(reason),
    }
}

/// The 402 of an off-session charge whose bank wants the customer (`stripe-api.md` 3.3).
pub fn authentication_required() -> Decline {
    plain("authentication_required", Some("authentication_required"))
}

/// A plain "Your card was declined."
pub fn generic() -> Decline {
    plain("card_declined", Some("generic_decline"))
}

fn message(code: &str, decline_code: Option<&str>) -> &'static str {
    match (code, decline_code) {
        ("expired_card", _) => "Your card has expired.",
        ("incorrect_cvc", _) => "Your card's security code is incorrect.",
        ("incorrect_number", _) => "Your card number is incorrect.",
        ("processing_error", _) => {
            "An error occurred while processing your card. Try again in a little bit."
        }
        ("authentication_required", _) => {
            "Your card was declined. This transaction requires authentication."
        }
        (_, Some("insufficient_funds")) => "Your card has insufficient funds.",
        (_, Some("card_velocity_exceeded")) => {
            "Your card was declined for making repeated attempts too frequently or exceeding its \
             amount limit."
        }
        (_, Some("card_not_supported" | "transaction_not_allowed")) => {
            "Your card does not support this type of purchase."
        }
        _ => "Your card was declined.",
    }
}

fn param(code: &str) -> Option<&'static str> {
    match code {
        "expired_card" => Some("exp_month"),
        "incorrect_cvc" => Some("cvc"),
        "incorrect_number" => Some("number"),
        _ => None,
    }
}

fn seller_message(reason: &str) -> String {
    match reason {
        "generic_decline" => {
            "The bank did not return any further details with this decline.".to_owned()
        }
        specific => format!("The bank returned the decline code `{specific}`."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_pairs_of_visa_test_cards() {
        for (de39, code, decline_code, advice, category) in [
            ("01", "card_declined", "generic_decline", "try_again_later", None),
            ("51", "card_declined", "insufficient_funds", "try_again_later", Some("02")),
            ("41", "card_declined", "lost_card", "do_not_try_again", Some("01")),
            ("43", "card_declined", "stolen_card", "do_not_try_again", Some("01")),
            ("54", "expired_card", "expired_card", "confirm_card_data", Some("03")),
            ("N7", "incorrect_cvc", "incorrect_cvc", "confirm_card_data", Some("03")),
            ("06", "processing_error", "processing_error", "try_again_later", None),
            ("61", "card_declined", "card_velocity_exceeded", "try_again_later", Some("02")),
        ] {
            let read = read(de39, None, Brand::Visa).decline;
            assert_eq!(read.code, code);
            assert_eq!(read.decline_code.as_deref(), Some(decline_code));
            assert_eq!(read.advice_code.as_deref(), Some(advice), "{de39}");
            assert_eq!(read.network_advice_code.as_deref(), category, "{de39}");
            assert_eq!(read.network_decline_code.as_deref(), Some(de39));
        }
    }

    fn said(code: &str, advice: Option<&str>, cvc: Option<Check>) -> AuthorizationReply {
        AuthorizationReply {
            code: code.to_owned(),
            approval_code: None,
            nti: None,
            advice: advice.map(str::to_owned),
            cvc,
            line1: None,
            postal_code: None,
            rules: Vec::new(),
        }
    }

    #[test]
    fn meanings_hang_on_the_code_and_on_who_began() {
        use Brand::{Mastercard, Visa};
        use Initiator::{Customer, Merchant};
        let wrong = Some(Check::Fail);
        for (code, advice, cvc, network, initiator, told, class) in [
            ("82", None, wrong, Mastercard, Customer, "incorrect_cvc incorrect_cvc", Class::Fix),
            (
                "82",
                Some("03"),
                wrong,
                Mastercard,
                Customer,
                "incorrect_cvc incorrect_cvc",
                Class::Hard,
            ),
            ("82", None, None, Mastercard, Customer, "card_declined generic_decline", Class::Timed),
            ("82", None, None, Visa, Customer, "incorrect_cvc incorrect_cvc", Class::Fix),
            (
                "83",
                Some("01"),
                None,
                Mastercard,
                Customer,
                "authentication_required authentication_required",
                Class::StepUp,
            ),
            (
                "83",
                Some("01"),
                None,
                Mastercard,
                Merchant,
                "card_declined fraudulent",
                Class::StepUp,
            ),
            ("83", Some("03"), None, Mastercard, Customer, "card_declined fraudulent", Class::Hard),
            ("14", None, None, Visa, Merchant, "card_declined invalid_account", Class::Hard),
            ("14", None, None, Visa, Customer, "incorrect_number -", Class::Hard),
            ("15", None, None, Visa, Merchant, "incorrect_number -", Class::Hard),
            (
                "51",
                Some("21"),
                None,
                Mastercard,
                Merchant,
                "card_declined revocation_of_authorization",
                Class::Hard,
            ),
        ] {
            let read = answer(&said(code, advice, cvc), network, initiator);
            let decline_code = read.decline.decline_code.as_deref().unwrap_or("-");
            assert_eq!(format!("{} {decline_code}", read.decline.code), told, "{code} {advice:?}");
            assert_eq!(read.class, class, "{code} {advice:?}");
            assert_eq!(read.decline.network_decline_code.as_deref(), Some(code));
        }
    }

    #[test]
    fn networks_differ() {
        assert_eq!(read("65", None, Brand::Mastercard).class, Class::StepUp);
        assert_eq!(
            read("65", None, Brand::Visa).decline.decline_code.as_deref(),
            Some("card_velocity_exceeded")
        );
        assert_eq!(read("1A", None, Brand::Visa).class, Class::StepUp);
        assert_eq!(
            read("05", Some("21"), Brand::Mastercard).decline.decline_code.as_deref(),
            Some("revocation_of_authorization")
        );
        assert_eq!(read("ZZ", None, Brand::Visa).decline, {
            let mut generic = generic();
            generic.network_decline_code = Some("ZZ".to_owned());
            generic
        });
    }
}
