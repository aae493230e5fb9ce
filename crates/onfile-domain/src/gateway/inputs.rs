//! What the procedure is asked about (`card-network.md` 6.1): one payment or set-up with one card.

use crate::agreement::{Agreement, AgreementKind, AmountType, MandateOptions, Usage};
use crate::attempt::Subject;
use crate::card::{Brand, CardFacts};
use crate::country::Country;
use crate::money::Money;
use crate::payment_intent::confirm::Presence;
use crate::payment_intent::{CardNetwork, CardOptions, CredentialUsage};
use crate::payment_method::{PaymentMethod, Standing};

/// One payment or set-up, with everything that the rules look at.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// Whose it is: it says whether it is a payment or a set-up.
    pub subject: Subject,
    /// What is asked for; zero for a set-up.
    pub amount: Money,
    /// The method, with its card.
    pub method: PaymentMethod,
    /// `payment_method_options[card]` as it stands.
    pub options: CardOptions,
    /// Whether the customer is there.
    pub presence: Presence,
    /// What the card is saved for, if it is.
    pub usage: Option<Usage>,
    /// The limits that a set-up agrees on, with their currency.
    pub mandate: Option<(MandateOptions, Money)>,
    /// The agreement that a merchant-initiated charge rests on.
    pub agreement: Option<Agreement>,
    /// DE39 of an earlier soft decline of this intent, for this card.
    pub soft: Option<String>,
    /// DE42: who is paid.
    pub merchant: String,
    /// DE19: where the acquirer is.
    pub acquirer_country: Country,
}

impl Inputs {
    /// Whether nothing is paid.
    pub fn is_setup(&self) -> bool {
        match self.subject {
            Subject::Setup(_) => true,
            Subject::Payment(_) | Subject::Increment(_) | Subject::Method(_) => false,
        }
    }

    /// Whether money is asked for.
    pub fn is_payment(&self) -> bool {
        match self.subject {
            Subject::Payment(_) | Subject::Increment(_) => true,
            Subject::Setup(_) | Subject::Method(_) => false,
        }
    }

    /// Mail or telephone order.
    pub fn is_moto(&self) -> bool {
        self.options.moto == Some(true)
    }

    /// Begun by the merchant: nobody is there, and nobody is on the telephone.
    pub fn is_mit(&self) -> bool {
        match self.presence {
            Presence::OffSession(_) => !self.is_moto(),
            Presence::OnSession => false,
        }
    }

    /// Whether the number comes from storage: a message has saved it before.
    pub fn is_saved(&self) -> bool {
        match self.method.standing {
            Standing::Attached(_) | Standing::SetUp => true,
            Standing::Fresh | Standing::Consumed | Standing::Detached => false,
        }
    }

    /// Whether it saves the card for charges with nobody present.
    pub fn sets_up_off_session(&self) -> bool {
        self.usage == Some(Usage::OffSession)
    }

    /// The usage declared for later charges, where the card is saved for them.
    pub fn declared(&self) -> Option<CredentialUsage> {
        self.options.setup_credential_usage.filter(|_| self.sets_up_off_session())
    }

    /// The kind of agreement that a set-up makes: a declaration binds off-session charges only
    /// (I6).
    pub fn kind_set_up(&self) -> AgreementKind {
        self.declared().map_or(AgreementKind::Unspecified, CredentialUsage::kind)
    }

    /// Whether the limits that a set-up agrees on are one fixed amount.
    pub fn sets_up_fixed(&self) -> bool {
        fixed(self.mandate.as_ref())
    }

    /// Whether the agreement charged under is for one fixed amount.
    pub fn charges_fixed(&self) -> bool {
        fixed(self.agreement.as_ref().and_then(|agreement| agreement.mandate.as_ref()))
    }

    /// What the BIN table says of the card.
    pub fn facts(&self) -> &CardFacts {
        &self.method.card.facts
    }

    /// The network that the message goes over: the call's choice, else the customer's, else the
    /// card's own brand.
    pub fn network(&self) -> Brand {
        let facts = self.facts();
        let chosen = self.options.network.and_then(brand_of);
        let preferred = self.method.card.preferred_network.as_deref();
        let preferred = preferred.and_then(|word| word.parse().ok());
        chosen
            .into_iter()
            .chain(preferred)
            .find(|network| facts.networks.contains(network))
            .unwrap_or(facts.brand)
    }

    /// That network, where it isn't the card's own brand.
    pub fn other_network(&self) -> Option<Brand> {
        Some(self.network()).filter(|network| *network != self.facts().brand)
    }
}

fn fixed(mandate: Option<&(MandateOptions, Money)>) -> bool {
    mandate.is_some_and(|(options, _)| options.amount_type == AmountType::Fixed)
}

fn brand_of(network: CardNetwork) -> Option<Brand> {
    match network {
        CardNetwork::Amex => Some(Brand::Amex),
        CardNetwork::CartesBancaires => Some(Brand::CartesBancaires),
        CardNetwork::Diners => Some(Brand::Diners),
        CardNetwork::Discover => Some(Brand::Discover),
        CardNetwork::EftposAu => Some(Brand::EftposAu),
        CardNetwork::Jcb => Some(Brand::Jcb),
        CardNetwork::Mastercard => Some(Brand::Mastercard),
        CardNetwork::Unionpay => Some(Brand::Unionpay),
        CardNetwork::Visa => Some(Brand::Visa),
        CardNetwork::Girocard | CardNetwork::Interac | CardNetwork::Link | CardNetwork::Unknown => {
            None
        }
    }
}

#[cfg(test)]
pub(crate) mod example;
