use super::*;
use crate::agreement::{AmountType, Interval, Level, MandateOptions, Usage};
use crate::gateway::inputs::example::{agreement, off_session, payment, set_up};
use crate::id::CustomerId;
use crate::money::{Currency, Money};
use crate::payment_method::Standing;
use crate::time::WorldTime;

fn with(mut inputs: Inputs, change: impl FnOnce(&mut Inputs)) -> Inputs {
    change(&mut inputs);
    inputs
}

fn mandate(amount_type: AmountType) -> Option<(MandateOptions, Money)> {
    let options = MandateOptions {
        amount: 1_000,
        amount_type,
        description: None,
        end_date: None,
        interval: Interval::Month,
        interval_count: Some(1),
        reference: "reference".to_owned(),
        start_date: WorldTime(0),
        supported_types: None,
    };
    Some((options, Money::new(1_000, Currency::USD)))
}

fn declaring(inputs: Inputs, usage: CredentialUsage) -> Inputs {
    with(inputs, |it| it.options.setup_credential_usage = Some(usage))
}

fn charging(usage: CredentialUsage) -> Inputs {
    with(off_session(), |it| it.options.stored_credential_usage = Some(usage))
}

fn recurring(amount_type: AmountType) -> Inputs {
    with(off_session(), |it| {
        it.presence = Presence::OffSession(OffSession::Recurring);
        it.agreement = Some(agreement(Level::Challenged));
        if let Some(agreement) = &mut it.agreement {
            agreement.mandate = mandate(amount_type);
        }
    })
}

#[test]
fn who_begins_and_what_is_said() {
    let moto = |inputs| with(inputs, |it: &mut Inputs| it.options.moto = Some(true));
    let saved = |inputs| {
        let owner = Standing::Attached(CustomerId::new(1, [b'a'; 16]));
        with(inputs, |it: &mut Inputs| it.method.standing = owner)
    };
    let saving = |usage| with(payment(), |it| it.usage = Some(usage));
    let fixed = with(set_up(), |it| it.mandate = mandate(AmountType::Fixed));
    let general = CofMarker::General;
    let (recurs, parts) = (CredentialUsage::Recurring, CredentialUsage::Installment);
    for (inputs, rule, class) in [
        (moto(payment()), "I1", Class::Moto { marker: None }),
        (moto(off_session()), "I1", Class::Moto { marker: None }),
        (moto(saving(Usage::OffSession)), "I1", Class::Moto { marker: Some(general) }),
        (off_session(), "I4", Class::Merchant { mit: MitType::Unscheduled }),
        (
            charging(CredentialUsage::Unscheduled),
            "I4",
            Class::Merchant { mit: MitType::Unscheduled },
        ),
        (charging(recurs), "I2", Class::Merchant { mit: MitType::StandingOrder }),
        (charging(parts), "I3", Class::Merchant { mit: MitType::Installment }),
        (recurring(AmountType::Maximum), "I2", Class::Merchant { mit: MitType::StandingOrder }),
        (recurring(AmountType::Fixed), "I2", Class::Merchant { mit: MitType::Subscription }),
        (set_up(), "I6", Class::Verification { marker: general }),
        (
            declaring(set_up(), recurs),
            "I6",
            Class::Verification { marker: CofMarker::StandingOrder },
        ),
        (declaring(fixed, recurs), "I6", Class::Verification { marker: CofMarker::Subscription }),
        (declaring(set_up(), parts), "I6", Class::Verification { marker: CofMarker::Installment }),
        (
            declaring(saving(Usage::OffSession), recurs),
            "I7",
            Class::Store { marker: CofMarker::StandingOrder },
        ),
        // What is saved for charges with the customer present declares nothing.
        (declaring(saving(Usage::OnSession), recurs), "I7", Class::Store { marker: general }),
        (saved(saving(Usage::OnSession)), "I7", Class::Store { marker: general }),
        (saved(payment()), "I8", Class::Use),
        (payment(), "I9", Class::Plain),
    ] {
        assert_eq!(super::class(&inputs), (rule, class));
    }
}
