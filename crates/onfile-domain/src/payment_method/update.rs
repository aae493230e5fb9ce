//! Changes a saved method (`stripe-api.md` 7.2).

use crate::case::{Case, Halt};
use crate::command::{Answer, MetadataPatch, Patch, Ref};
use crate::contact::{Address, BillingDetails};
use crate::event::EventType;
use crate::id::PaymentMethodId;
use crate::payment_method::{AllowRedisplay, Card, Check, PaymentMethod};
use crate::refusal::{MethodRefused, Noun, Place, Why};

/// A change of billing details: the leaves that the call names.
#[derive(Debug, Clone, Default)]
pub struct BillingDetailsPatch {
    /// The whole address; its parts that are not given are gone.
    pub address: Patch<Address>,
    /// E-mail address.
    pub email: Patch<String>,
    /// Full name.
    pub name: Patch<String>,
    /// Phone number.
    pub phone: Patch<String>,
    /// Tax identification.
    pub tax_id: Patch<String>,
}

/// A change of a method.
#[derive(Debug, Clone)]
pub struct Update {
    /// What changes.
    pub method: Ref<PaymentMethodId>,
    /// Where it may be offered again.
    pub allow_redisplay: Option<AllowRedisplay>,
    /// Who is billed.
    pub billing_details: Option<BillingDetailsPatch>,
    /// The month that the card is valid through.
    pub exp_month: Option<u8>,
    /// And the year, four digits.
    pub exp_year: Option<i64>,
    /// The brand that the customer chose on a co-branded card.
    pub preferred_network: Patch<String>,
    /// The caller's notes.
    pub metadata: MetadataPatch,
}

impl Update {
    /// Changes the method.
    ///
    /// # Errors
    /// When there is no such method, or no customer has saved it.
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        let before: PaymentMethod = self.method.find(case, Noun::PaymentMethod, Place::Path)?;
        if before.customer().is_none() {
            return Err(Why::Method(MethodRefused::NotSaved).into());
        }
        let mut after = before.clone();
        if let Some(allow_redisplay) = self.allow_redisplay {
            after.allow_redisplay = allow_redisplay;
        }
        if let Some(details) = self.billing_details {
            details.apply(&mut after.billing_details);
        }
        check_again(&before, &mut after);
        if let Some(month) = self.exp_month {
            after.card.expiry.month = month;
        }
        if let Some(year) = self.exp_year {
            after.card.expiry.year = year;
        }
        prefer(self.preferred_network, &mut after.card)?;
        self.metadata.apply(&mut after.metadata)?;
        if after != before {
            case.put(after.clone());
            case.tell_change(EventType::PaymentMethodUpdated, &before, &after);
        }
        Ok(Answer::shown(after))
    }
}

impl BillingDetailsPatch {
    /// Merges it into what is there.
    fn apply(self, details: &mut BillingDetails) {
        match self.address {
            Patch::Absent => {}
            Patch::Unset => details.address = Address::default(),
            Patch::Set(address) => details.address = address,
        }
        self.email.apply(&mut details.email);
        self.name.apply(&mut details.name);
        self.phone.apply(&mut details.phone);
        self.tax_id.apply(&mut details.tax_id);
    }
}

/// Sets the brand that the customer chose: one of the card's.
fn prefer(network: Patch<String>, card: &mut Card) -> Result<(), Why> {
    if let Patch::Set(network) = &network {
        let known = card.facts.networks.iter().any(|brand| brand.as_str() == network);
        if !known {
            return Err(Why::Method(MethodRefused::NetworkNotOnCard { network: network.clone() }));
        }
    }
    network.apply(&mut card.preferred_network);
    Ok(())
}

/// What the issuer said of another address says nothing of this one.
fn check_again(before: &PaymentMethod, after: &mut PaymentMethod) {
    let unchecked = |given: bool| given.then_some(Check::Unchecked);
    let (old, new) = (&before.billing_details.address, &after.billing_details.address);
    if old.line1 != new.line1 {
        after.card.checks.address_line1 = unchecked(new.line1.is_some());
    }
    if old.postal_code != new.postal_code {
        after.card.checks.address_postal_code = unchecked(new.postal_code.is_some());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment_method::Standing;
    use crate::rehearsal::{World, shown};

    fn update(world: &mut World, update: Update) -> Result<PaymentMethod, Why> {
        let answer = world.run(|case| update.clone().decide(case));
        answer.map(|answer| shown(&answer)).map_err(|refusal| refusal.why)
    }

    fn nothing(method: PaymentMethodId) -> Update {
        Update {
            method: Ref::new(method.to_string()),
            allow_redisplay: None,
            billing_details: None,
            exp_month: None,
            exp_year: None,
            preferred_network: Patch::Absent,
            metadata: MetadataPatch::default(),
        }
    }

    fn saved(world: &mut World) -> PaymentMethod {
        let customer = world.customer();
        let mut method = world.method();
        method.standing = Standing::Attached(customer);
        method.billing_details.address.line1 = Some("1 High Street".to_owned());
        method.card.checks.address_line1 = Some(Check::Pass);
        world.set(method.clone());
        method
    }

    #[test]
    fn what_is_named_changes_and_is_told_with_what_was() {
        let mut world = World::new();
        let before = saved(&mut world);
        let details = BillingDetailsPatch {
            email: Patch::Set("jenny@example.com".to_owned()),
            name: Patch::Unset,
            ..BillingDetailsPatch::default()
        };
        let change = Update {
            allow_redisplay: Some(AllowRedisplay::Always),
            billing_details: Some(details),
            exp_month: Some(2),
            exp_year: Some(2030),
            metadata: MetadataPatch(Patch::Set(vec![("a".to_owned(), "b".to_owned())])),
            ..nothing(before.id)
        };
        let after = update(&mut world, change).unwrap();
        assert_eq!((after.card.expiry.month, after.card.expiry.year), (2, 2030));
        assert_eq!(after.billing_details.email.as_deref(), Some("jenny@example.com"));
        assert_eq!(after.billing_details.address, before.billing_details.address);
        assert_eq!(after.card.checks.address_line1, Some(Check::Pass));
        assert_eq!(after.allow_redisplay, AllowRedisplay::Always);
        assert_eq!(after.metadata["a"], "b");
        let [event] = &world.events[..] else { panic!("{:?}", world.events) };
        assert_eq!(event.event_type, EventType::PaymentMethodUpdated);
        assert_eq!(event.previous, Some(before.into()));
    }

    #[test]
    fn a_new_address_is_unchecked() {
        let mut world = World::new();
        let before = saved(&mut world);
        let address = Address { postal_code: Some("75001".to_owned()), ..Address::default() };
        let details =
            BillingDetailsPatch { address: Patch::Set(address), ..BillingDetailsPatch::default() };
        let change = Update { billing_details: Some(details), ..nothing(before.id) };
        let checks = update(&mut world, change).unwrap().card.checks;
        assert_eq!(checks.address_line1, None);
        assert_eq!(checks.address_postal_code, Some(Check::Unchecked));
    }

    #[test]
    fn a_change_of_nothing_is_not_told() {
        let mut world = World::new();
        let before = saved(&mut world);
        assert_eq!(update(&mut world, nothing(before.id)), Ok(before));
        assert_eq!(world.told(), [""; 0]);
    }

    #[test]
    fn a_preferred_network_is_one_of_the_cards() {
        let mut world = World::new();
        let id = saved(&mut world).id;
        for (patch, expected) in [
            (Patch::Set("visa"), Ok(Some("visa"))),
            (Patch::Set("cartes_bancaires"), Err("cartes_bancaires")),
            (Patch::Unset, Ok(None)),
        ] {
            let preferred_network = patch.map(str::to_owned);
            let after = update(&mut world, Update { preferred_network, ..nothing(id) });
            let shown = after.map(|after| after.card.preferred_network);
            let refused = |network: &str| {
                Why::Method(MethodRefused::NetworkNotOnCard { network: network.to_owned() })
            };
            assert_eq!(shown, expected.map(|it| it.map(str::to_owned)).map_err(refused));
        }
    }

    #[test]
    fn only_saved_methods_change() {
        let mut world = World::new();
        let method = world.method();
        assert_eq!(
            update(&mut world, nothing(method.id)),
            Err(Why::Method(MethodRefused::NotSaved))
        );
        let saved = saved(&mut world);
        let pairs = (0..51).map(|at| (format!("key{at}"), "value".to_owned())).collect();
        let metadata = MetadataPatch(Patch::Set(pairs));
        let refused = update(&mut world, Update { metadata, ..nothing(saved.id) });
        assert_eq!(refused, Err(Why::TooMuchMetadata { keys: 51 }));
        assert_eq!(world.get::<PaymentMethod>(saved.id), saved);
    }
}
