//! Checks a card without charging it: amount zero, no marker of a stored credential
//! (`card-network.md` 3.6, W10, the last sentence of S14). Nobody is authenticated for it.

use crate::attempt::Subject;
use crate::case::{Case, Halt};
use crate::failure::Cause;
use crate::gateway::inputs::Inputs;
use crate::gateway::outcome::Verdict;
use crate::gateway::procedure;
use crate::money::Money;
use crate::network::Nti;
use crate::payment_intent::CardOptions;
use crate::payment_intent::confirm::Presence;
use crate::payment_method::PaymentMethod;

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// The card is good.
    Passed {
        /// The network's id of the check.
        nti: Option<Nti>,
    },
    /// The issuer said no, or wasn't asked.
    Refused(Cause),
}

/// Asks the issuer about a card, and writes down the attempt and what was checked. The method
/// comes back with the issuer's word on what was typed beside the number.
///
/// # Errors
/// The halts of the case.
pub fn card(
    case: &mut Case<'_>,
    mut method: PaymentMethod,
) -> Result<(PaymentMethod, Checked), Halt> {
    let account = case.account();
    let inputs = Inputs {
        subject: Subject::Method(method.id),
        amount: Money::new(0, account.default_currency),
        method: method.clone(),
        options: CardOptions::default(),
        presence: Presence::OnSession,
        usage: None,
        mandate: None,
        agreement: None,
        soft: None,
        merchant: account.id.clone(),
        acquirer_country: account.country,
    };
    let outcome = procedure::check(case, &inputs)?;
    outcome.record(case, &inputs);
    method.card.checks.learn(outcome.checks());
    if method != inputs.method {
        case.put(method.clone());
    }
    let checked = match outcome.verdict {
        Verdict::Approved => Checked::Passed { nti: outcome.nti() },
        Verdict::Refused { cause, .. } => Checked::Refused(cause),
        Verdict::Challenged(_) => unreachable!("a check authenticates nobody"),
    };
    Ok((method, checked))
}
