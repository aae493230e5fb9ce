//! Rules about the account: whether it is there, may be used, and holds enough.

use onfile_domain::bank::{AccountStatus, Availability, StopOrder};
use onfile_domain::network::CvcField;
use onfile_domain::payment_method::Check;

use crate::simulated::issuer::Ruling;
use crate::simulated::issuer::message::{Class, Message, Response};

/// S1.
pub(super) fn unknown_number(message: &mut Message<'_>) -> Ruling {
    match message.card.profile {
        Some(_) => Ruling::Silent,
        None => message.decline("14", "14", None),
    }
}

/// S2.
pub(super) fn closed(message: &mut Message<'_>) -> Ruling {
    match message.state.profile.status {
        Some(AccountStatus::Closed) => message.decline("46", "79", Some("03")),
        Some(
            AccountStatus::Open
            | AccountStatus::Lost
            | AccountStatus::Stolen
            | AccountStatus::PickUp
            | AccountStatus::PickUpFraud,
        )
        | None => Ruling::Silent,
    }
}

/// S3.
pub(super) fn out_of_its_holders_hands(message: &mut Message<'_>) -> Ruling {
    let visa = match message.state.profile.status {
        Some(AccountStatus::Lost) => "41",
        Some(AccountStatus::Stolen) => "43",
        Some(AccountStatus::PickUp) => "04",
        Some(AccountStatus::PickUpFraud) => "07",
        Some(AccountStatus::Open | AccountStatus::Closed) | None => return Ruling::Silent,
    };
    message.decline(visa, "83", Some("03"))
}

/// S4. Any date that has not passed is the right one.
pub(super) fn expired(message: &mut Message<'_>) -> Ruling {
    if message.wire.expiry.is_past(message.now) {
        message.decline("54", "79", Some("01"))
    } else {
        Ruling::Silent
    }
}

/// S5.
pub(super) fn stopped(message: &mut Message<'_>) -> Ruling {
    let visa = match (message.wire.mit, message.state.profile.stop_order) {
        (Some(_), Some(StopOrder::Payment)) => "R0",
        (Some(_), Some(StopOrder::Agreement)) => "R1",
        (Some(_), Some(StopOrder::Merchant)) => "R3",
        (Some(_), None) | (None, _) => return Ruling::Silent,
    };
    message.decline(visa, "05", Some("21"))
}

/// S7.
pub(super) fn unreachable(message: &mut Message<'_>) -> Ruling {
    match message.state.profile.availability {
        Some(Availability::Down) => message.decline("91", "91", None),
        Some(Availability::Up) | None => Ruling::Silent,
    }
}

/// S9. The named cards whose code is wrong approve all the same (`stripe-api.md` 5.4): they are
/// there to show the check.
pub(super) fn wrong_security_code(message: &mut Message<'_>) -> Ruling {
    let profile = message.profile();
    let wrong = profile.checks.cvc == Check::Fail && !profile.named;
    if message.wire.cvc == CvcField::Absent || message.wire.mit.is_some() || !wrong {
        return Ruling::Silent;
    }
    match message.decline("N7", "82", None) {
        Ruling::Answers(response) => Ruling::Answers(response.for_security_code()),
        other @ (Ruling::Silent | Ruling::Noted) => other,
    }
}

/// S20: a script, the account's own before the card's.
pub(super) fn scripted(message: &mut Message<'_>) -> Ruling {
    let set = message.state.profile.script.clone();
    if let Some(code) = set {
        return Ruling::Answers(Response::plain(code));
    }
    match message.profile().scripted(message.wire.amount.minor()) {
        Some(code) => Ruling::Answers(Response::plain(code)),
        None => Ruling::Silent,
    }
}

/// S22. Never a partial approval: nobody asks for one.
pub(super) fn short_of_funds(message: &mut Message<'_>) -> Ruling {
    let Some(balance) = message.balance() else { return Ruling::Silent };
    if message.is_above(balance - message.state.spent) && message.wire.amount.minor() > 0 {
        message.decline("51", "51", None)
    } else {
        Ruling::Silent
    }
}

/// S23.
pub(super) fn approved(message: &mut Message<'_>) -> Ruling {
    let check = message.wire.amount.minor() == 0;
    assert!(message.class != Class::Reclassified, "S14 declines what S11 reclassified");
    Ruling::Answers(Response::plain(if check { "85" } else { "00" }))
}
