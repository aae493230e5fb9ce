//! What a run may take for an answer.

use super::*;
use crate::card::Brand;
use crate::country::Country;
use crate::money::{Currency, Money};
use crate::network::{AuthenticationPurpose, AuthenticationRequest, ChallengeIndicator};
use crate::rehearsal::{World, approved};

/// A question about the card of this method.
fn about(method: u64) -> Question {
    Question::Authenticate(AuthenticationRequest {
        method: PaymentMethodId::new(method, [b'm'; 16]),
        network: Brand::Visa,
        amount: Money::new(100, Currency::USD),
        indicator: ChallengeIndicator::NoPreference,
        purpose: AuthenticationPurpose::Payment,
        merchant: "acct_1".to_owned(),
        acquirer_country: Country::US,
    })
}

#[test]
fn a_reply_belongs_to_its_question() {
    let world = World::new();
    let mut dossier = Dossier::new(world.now, world.account.clone());
    for method in [1, 2] {
        dossier.add_reply(about(method), approved());
    }
    for (asked, heard, has_more) in [
        (&[][..], 0, true),
        (&[1], 1, true),
        (&[1, 2], 2, false),
        (&[2], 0, true),
        (&[1, 1], 1, true),
        (&[1, 2, 3], 2, false),
    ] {
        let mut case = Case::new(&dossier, Mint::new(1, 8, Vec::new()));
        let halted = asked.iter().find_map(|method| case.ask(about(*method)).err());
        let unanswered = match halted {
            Some(Halt::Ask(question)) => Some(*question),
            Some(halt) => panic!("{halt:?}"),
            None => None,
        };
        assert_eq!(unanswered, asked.get(heard).map(|method| about(*method)), "{asked:?}");
        let decision = case.finish();
        assert_eq!(decision.heard, heard, "{asked:?}");
        assert_eq!(decision.heard < dossier.transcript().len(), has_more, "{asked:?}");
    }
}
