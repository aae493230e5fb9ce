//! What the ids in a trace mean, a line each: `onfile explain` and the tour print them. The rules
//! themselves stand where they are decided (`card-network.md` 5.1 and 6).

/// An id of a trace or of what stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The id.
    pub id: &'static str,
    /// What it says, as a sentence.
    pub text: &'static str,
}

const fn says(id: &'static str, text: &'static str) -> Meaning {
    Meaning { id, text }
}

/// Every id, by its kind and then in its order.
pub const MEANINGS: &[Meaning] = &[
    says("G1", "The card has expired, and nobody is there to give its new date: nothing is sent."),
    says("G2", "The card was declined before for good, or as often as its network allows."),
    says("G7", "The cardholder ended these charges at the bank: none is sent without them."),
    says("radar", "The card's risk is so high that the payment is blocked before it is sent."),
    says("I1", "An order by mail or telephone."),
    says("I2", "The merchant charges, as one of a series."),
    says("I3", "The merchant charges an instalment."),
    says("I4", "The merchant charges, unscheduled, with the customer away."),
    says("I6", "A set-up: the card is checked and saved, and nothing is charged."),
    says("I7", "The customer pays and leaves the card for later."),
    says("I8", "The customer pays with a card that was saved."),
    says("I9", "The customer pays with a card that is not saved."),
    says("Z1", "Bank and account are both in the European Economic Area: authentication is law."),
    says("Z2", "Bank and account are both in the United Kingdom: authentication is law."),
    says("Z3", "One is in the European Economic Area, the other in the United Kingdom."),
    says(
        "Z4",
        "A European bank and an account elsewhere, or a Swiss bank: it may ask, without a law.",
    ),
    says("Z5", "A bank elsewhere, an account in the European Economic Area or the United Kingdom."),
    says("Z8", "A bank outside Europe, an account outside the EEA and the UK: no law asks."),
    says("N1", "The customer was authenticated elsewhere, and the call brings the proof."),
    says("N2", "By mail or telephone nobody can be authenticated."),
    says(
        "N3",
        "The customer is away and isn't asked; a card that must be authenticated is not even sent, \
         unless it was saved with a challenge.",
    ),
    says("N4", "The bank asked for the customer, so the customer is asked."),
    says("N5", "The call asks for a challenge."),
    says("N6", "Where authentication is law or custom, saving a card off_session needs it."),
    says("N8", "The call asks for authentication."),
    says("N14", "Authentication is law here; the bank chooses whether it challenges."),
    says("N15", "Authentication is custom here, where the card takes part."),
    says("N16", "The card's bank requires authentication, or its risk is raised."),
    says("N17", "Nothing asks for authentication."),
    says("A1", "The card takes no part in 3-D Secure: the network attests the attempt."),
    says("A2", "The bank's authentication is down or failing."),
    says("A4", "The card is lost or stolen: authentication is refused."),
    says("A6", "The challenge is mandated."),
    says("A7", "The bank always challenges, or the merchant would like a challenge."),
    says("A8", "The bank never challenges."),
    says("A12", "The amount is small: the bank authenticates without a challenge."),
    says("A13", "The amount is not small: the bank challenges."),
    says("A14", "The customer answered the challenge, or let its time pass."),
    says("F1", "Authenticated without a challenge: the bank is asked for the money."),
    says("F2", "The attempt is attested: the bank is asked for the money."),
    says("F3", "The challenge was passed: the bank is asked for the money."),
    says("F4", "The challenge was failed or left: nothing is sent."),
    says("F5", "Authentication could not be done: what follows hangs on zone and purpose."),
    says("F6", "The bank refused to authenticate: nothing is sent."),
    says("S1", "The bank knows no such card."),
    says("S2", "The account is closed."),
    says("S3", "The card is lost, stolen or to be picked up."),
    says("S4", "The card has expired."),
    says("S5", "The cardholder told the bank to stop these payments."),
    says("S7", "The bank can't be reached."),
    says("S8", "The proof is unknown, used, old or for something else: it counts as none."),
    says("S9", "The security code is wrong."),
    says(
        "S11",
        "The charge rests on no transaction that the bank knows: a strict bank takes it for the \
         customer's own, without proof.",
    ),
    says("S13", "This bank asks for the customer on every charge."),
    says("S14", "The customer's charge has no proof, and the bank wants one."),
    says("S15", "The card was saved with too weak a proof for such a charge."),
    says("S16", "The card was saved for another type of charge."),
    says("S19", "The attestation of an attempt does not carry so large an amount."),
    says("S20", "This test card, or a test, has the bank answer so."),
    says("S22", "There is not enough money."),
    says("S23", "The bank approves."),
    says("mit.no_nti", "It was sent without the id of the transaction that saved the card."),
    says("issuer.anomaly", "The bank has seen its customer, and asks for them again."),
];

/// What an id says.
pub fn meaning(id: &str) -> Option<&'static str> {
    MEANINGS.iter().find(|row| row.id == id).map(|row| row.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_has_one_line() {
        for (at, row) in MEANINGS.iter().enumerate() {
            assert!(row.text.ends_with('.') && !row.text.contains('\n'), "{}", row.id);
            assert!(MEANINGS[..at].iter().all(|other| other.id != row.id), "{} twice", row.id);
        }
        assert_eq!(meaning("S23"), Some("The bank approves."));
        assert_eq!(meaning("S999"), None);
    }
}
