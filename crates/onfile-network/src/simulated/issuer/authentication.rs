//! Rules about proof: that the customer is there, or was when the card was saved.

use onfile_domain::bank::{ScaPolicy, Strength};
use onfile_domain::network::{CofMarker, MitType};

use crate::simulated::issuer::Ruling;
use crate::simulated::issuer::message::{Class, Message, Value};
use crate::simulated::profile::{FRICTIONLESS_LIMIT, setup_carries};

/// Above this an attempt is no proof (S19): 250 EUR, in hundredths.
const ATTEMPT_LIMIT: i64 = 25_000;

/// S8: a value that proves nothing is as none; one that does is used up.
pub(super) fn void_value(message: &mut Message<'_>) -> Ruling {
    message.value = message.weigh_value();
    match message.value {
        Value::Void => Ruling::Noted,
        Value::Absent | Value::Good { .. } => Ruling::Silent,
    }
}

/// S11: a merchant's message that rests on nothing the bank knows. Banks that ask for proof take
/// it for a customer's without any.
pub(super) fn unknown_original(message: &mut Message<'_>) -> Ruling {
    if message.class != Class::Merchant || message.original().is_some() {
        return Ruling::Silent;
    }
    let doubts = match message.policy() {
        ScaPolicy::Strict | ScaPolicy::Always => true,
        ScaPolicy::Lenient => message.is_above(FRICTIONLESS_LIMIT),
        ScaPolicy::None => false,
    };
    if doubts {
        message.class = Class::Reclassified;
    }
    Ruling::Noted
}

/// S13.
pub(super) fn always_asked(message: &mut Message<'_>) -> Ruling {
    let remote = match message.class {
        Class::Merchant | Class::Moto => true,
        Class::Customer | Class::Reclassified => false,
    };
    if remote && message.policy() == ScaPolicy::Always {
        message.soft_decline()
    } else {
        Ruling::Silent
    }
}

/// S14.
pub(super) fn unauthenticated_customer(message: &mut Message<'_>) -> Ruling {
    let asked = match message.class {
        Class::Reclassified => return message.soft_decline(),
        Class::Merchant | Class::Moto => false,
        // The bare check of an attach asks nobody.
        Class::Customer if message.wire.amount.minor() == 0 && message.wire.cof.is_none() => false,
        Class::Customer => match message.policy() {
            ScaPolicy::Strict => !message.is_attempt(), // Left to S19.
            ScaPolicy::Always => true,
            ScaPolicy::Lenient | ScaPolicy::None => false,
        },
    };
    if asked && message.strength() == Strength::None {
        message.soft_decline()
    } else {
        Ruling::Silent
    }
}

/// S15. An increment rests on no set-up, but on the payment that it belongs to.
pub(super) fn weak_set_up(message: &mut Message<'_>) -> Ruling {
    let increment = message.wire.mit == Some(MitType::Incremental);
    if message.class != Class::Merchant || increment {
        return Ruling::Silent;
    }
    let strength = message.original().map_or(Strength::None, |(strength, _)| strength);
    if setup_carries(message.policy(), strength, message.euros) {
        Ruling::Silent
    } else {
        message.soft_decline()
    }
}

/// S16: an agreement of a declared type takes charges of that type only; a general one takes any
/// (`card-network.md` 3.4). An increment is no charge of the agreement's own.
pub(super) fn other_type(message: &mut Message<'_>) -> Ruling {
    let strict = message.policy() == ScaPolicy::Strict;
    let increment = message.wire.mit == Some(MitType::Incremental);
    if message.class != Class::Merchant || increment || !strict || message.profile().named {
        return Ruling::Silent;
    }
    let marker = message.original().and_then(|(_, marker)| marker);
    let (Some(marker), Some(mit)) = (marker, message.wire.mit) else { return Ruling::Silent };
    let fits = match marker {
        CofMarker::General => true,
        CofMarker::StandingOrder | CofMarker::Subscription => {
            matches!(mit, MitType::StandingOrder | MitType::Subscription)
        }
        CofMarker::Installment => mit == MitType::Installment,
    };
    if fits { Ruling::Silent } else { message.soft_decline() }
}

/// S19.
pub(super) fn large_attempt(message: &mut Message<'_>) -> Ruling {
    let strict = message.policy() == ScaPolicy::Strict;
    let attempt = message.class == Class::Customer && message.is_attempt();
    if strict && attempt && message.is_above(ATTEMPT_LIMIT) {
        message.soft_decline()
    } else {
        Ruling::Silent
    }
}
