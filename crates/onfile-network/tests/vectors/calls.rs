//! The calls that the vectors are made of, and what they come to as one line.

use onfile_domain::agreement::Usage;
use onfile_domain::attempt::{Authentication, AuthenticationState, challenge};
use onfile_domain::charge::{Charge, ChargeResult, FailedBy};
use onfile_domain::command::{Answer, Caller, MethodChoice, Patch, Ref};
use onfile_domain::customer;
use onfile_domain::failure::Cause;
use onfile_domain::money::Money;
use onfile_domain::network::ChallengeAnswer;
use onfile_domain::object::Object;
use onfile_domain::payment_intent::confirm::{Confirm, OffSession, Presence};
use onfile_domain::payment_intent::{
    self, AllowRedirects, CaptureMethod, CardOptions, ConfirmationMethod, MethodTypes,
    PaymentIntent,
};
use onfile_domain::payment_method::PaymentMethod;
use onfile_domain::payment_method::attach::Attach;
use onfile_domain::refusal::Refusal;
use onfile_domain::setup_intent;

use crate::world::{Plastic, World};

/// Whether a payment is charged with nobody present.
pub const ONE_OFF: Presence = Presence::OffSession(OffSession::OneOff);
/// The same, declared recurring.
pub const RECURRING: Presence = Presence::OffSession(OffSession::Recurring);

/// A customer with a card, at an account in a country.
pub struct Shop {
    pub world: World,
    card: Plastic,
    customer: Ref<onfile_domain::id::CustomerId>,
}

impl Shop {
    /// A shop with one customer, who holds this card.
    pub fn new(country: &str, card: Plastic) -> Shop {
        let mut world = World::new(country, card.clone());
        let made = world.run(|case| customer::create::Create::default().decide(case));
        let Ok(Answer::Shown(Object::Customer(customer))) = made else { panic!("{made:?}") };
        Shop { world, card, customer: Ref::new(customer.id.to_string()) }
    }

    fn typed(&self) -> MethodChoice {
        MethodChoice::New(Box::new(self.card.typed()))
    }

    /// The card that was saved last.
    fn newest(&self) -> MethodChoice {
        let method = self.world.all::<PaymentMethod>().pop().expect("a card was saved");
        MethodChoice::Known(Ref::new(method.id.to_string()))
    }

    /// Attaches the card.
    #[track_caller]
    pub fn attach(&mut self) -> String {
        let attach = Attach { method: self.typed(), customer: self.customer.clone() };
        let answer = self.world.run(|case| attach.clone().decide(case));
        match answer {
            Ok(Answer::Shown(Object::PaymentMethod(_))) => {}
            other => panic!("{other:?}"),
        }
        self.trace()
    }

    /// Saves the card for charges with nobody present, without paying.
    pub fn set_up(&mut self, options: CardOptions) -> String {
        self.set_up_for(Usage::OffSession, options)
    }

    /// Saves the card without paying.
    pub fn set_up_for(&mut self, usage: Usage, options: CardOptions) -> String {
        let create = setup_intent::create::Create {
            customer: Some(self.customer.clone()),
            method: Some(self.typed()),
            usage,
            methods: methods(),
            card_options: options,
            mandate_currency: Some("eur".to_owned()),
            attach_to_self: None,
            flow_directions: None,
            description: None,
            metadata: Default::default(),
            confirm: Some(setup_intent::confirm::Confirm::default()),
        };
        let answer = self.world.run(|case| create.clone().decide(case));
        self.tell(answer)
    }

    /// Pays with the card as it is typed.
    pub fn pay(&mut self, amount: Money, usage: Option<Usage>, options: CardOptions) -> String {
        let confirm = Confirm::default();
        let create = payment_intent::create::Create {
            setup_future_usage: usage,
            card_options: options,
            ..self.payment(amount, self.typed(), confirm)
        };
        let answer = self.world.run(|case| create.clone().decide(case));
        self.tell(answer)
    }

    /// Charges the card that was saved last with nobody present.
    pub fn charge(&mut self, amount: Money, presence: Presence) -> String {
        self.charge_with(self.newest(), amount, presence)
    }

    /// Charges the card that was saved first with nobody present.
    pub fn charge_first(&mut self, amount: Money, presence: Presence) -> String {
        let method = self.world.all::<PaymentMethod>().remove(0);
        let first = MethodChoice::Known(Ref::new(method.id.to_string()));
        self.charge_with(first, amount, presence)
    }

    fn charge_with(&mut self, method: MethodChoice, amount: Money, presence: Presence) -> String {
        let confirm = Confirm { presence, ..Confirm::default() };
        let create = self.payment(amount, method, confirm);
        let answer = self.world.run(|case| create.clone().decide(case));
        self.tell(answer)
    }

    /// Confirms the newest payment again, with its customer there.
    pub fn confirm_again(&mut self, usage: Option<Usage>) -> String {
        let intent = self.world.all::<PaymentIntent>().pop().expect("a payment was tried");
        let confirm = Confirm {
            method: Some(self.newest()),
            setup_future_usage: usage.map_or(Patch::Absent, Patch::Set),
            ..Confirm::default()
        };
        let id = Ref::new(intent.id.to_string());
        let answer = self.world.run(|case| confirm.clone().decide(case, &id, Caller::Secret));
        self.tell(answer)
    }

    /// Answers the open challenge.
    #[track_caller]
    pub fn answer(&mut self, told: ChallengeAnswer) -> String {
        let all = self.world.all::<Authentication>();
        let open = all.into_iter().find(|it| it.state == AuthenticationState::Open);
        let open = open.expect("a challenge is open");
        let id = Ref::new(open.id.to_string());
        let answer = self.world.run(|case| challenge::answer(case, &id, &open.secret, told));
        self.tell(answer)
    }

    /// Answers the open challenge as it should be.
    #[track_caller]
    pub fn pass(&mut self) -> String {
        self.answer(ChallengeAnswer::Completed)
    }

    fn payment(
        &self,
        amount: Money,
        method: MethodChoice,
        confirm: Confirm,
    ) -> payment_intent::create::Create {
        payment_intent::create::Create {
            amount,
            customer: Some(self.customer.clone()),
            method: Some(method),
            capture_method: CaptureMethod::Automatic,
            confirmation_method: ConfirmationMethod::Automatic,
            setup_future_usage: None,
            methods: methods(),
            card_options: CardOptions::default(),
            description: None,
            metadata: Default::default(),
            receipt_email: None,
            shipping: None,
            statement_descriptor_suffix: None,
            transfer_group: None,
            confirm: Some(confirm),
        }
    }

    /// `trace: status, code, charge`, as far as there is one of them.
    fn tell(&self, answer: Result<Answer, Refusal>) -> String {
        let (object, cause) = match answer {
            Err(refusal) => return format!("refused {:?}", refusal.why),
            Ok(Answer::Shown(object)) => (object, None),
            Ok(Answer::Failed { failure, about }) => (about.expect("an intent"), Some(failure)),
            Ok(
                Answer::Deleted(_)
                | Answer::Adjusted(_)
                | Answer::Previewed(_)
                | Answer::Revealed(_)
                | Answer::Delivery(_)
                | Answer::Event(_),
            ) => unreachable!("payments are made and methods are saved here, and nothing else"),
        };
        let (status, charge) = match &object {
            Object::PaymentIntent(it) => (it.status().as_str(), it.latest_charge),
            Object::SetupIntent(it) => (it.state.status(), None),
            other => panic!("{other:?}"),
        };
        let code = cause.map(|failure| match failure.cause {
            Cause::Declined(decline) => match decline.decline_code {
                Some(word) if word != decline.code => format!(" {}/{word}", decline.code),
                Some(_) | None => format!(" {}", decline.code),
            },
            Cause::PaymentAuthenticationFailed => " payment_authentication_failed".to_owned(),
            Cause::SetupAuthenticationFailed => " setup_authentication_failed".to_owned(),
        });
        let charges = self.world.all::<Charge>();
        let charge = charges.iter().find(|it| Some(it.id) == charge);
        let charge = match charge.map(|charge| &charge.result) {
            None => "no charge",
            Some(
                ChargeResult::Captured { .. }
                | ChargeResult::PartlyCaptured { .. }
                | ChargeResult::Held { .. },
            ) => "charge",
            Some(ChargeResult::Failed { by: FailedBy::Issuer, .. }) => "failed charge",
            Some(ChargeResult::Failed { by: FailedBy::Blocked, .. }) => "blocked charge",
            Some(ChargeResult::Released { .. }) => "released charge",
        };
        format!("{}: {status}{}, {charge}", self.trace(), code.unwrap_or_default())
    }

    fn trace(&self) -> String {
        let attempt = self.world.attempt();
        let warnings = attempt.warnings.iter().map(|warning| format!(" ({warning})"));
        attempt.trace.join(" ") + &warnings.collect::<String>()
    }

    /// A card that was brought along from elsewhere: saved, and nothing was ever agreed on.
    pub fn import(&mut self) {
        self.attach();
        let agreements = self.world.all::<onfile_domain::agreement::Agreement>();
        for agreement in agreements {
            self.world.remove(agreement);
        }
    }
}

fn methods() -> MethodTypes {
    MethodTypes::Automatic { allow_redirects: AllowRedirects::Always }
}
