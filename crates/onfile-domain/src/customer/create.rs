//! Makes a customer, and attaches a method in the same call where one is given
//! (`stripe-api.md` 7.1).

use crate::case::{Case, Halt};
use crate::command::{Answer, MethodChoice, Ref};
use crate::contact::{Address, Metadata, Shipping};
use crate::customer::update::DEFAULT_METHOD;
use crate::customer::{Customer, TaxExempt};
use crate::event::EventType;
use crate::id::{CustomerId, PaymentMethodId, TestClockId};
use crate::payment_method::attach::{self, Attachable};
use crate::payment_method::choose;
use crate::refusal::{MethodRefused, Place, Why};
use crate::test_clock::TestClock;

/// Which method later charges use by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefaultMethod {
    /// The one that this call attaches (an alias in both places resolves to it too).
    TheAttached,
    /// This one, which is not attached to anybody new: refused.
    Other(String),
}

/// A new customer.
#[derive(Debug, Clone, Default)]
pub struct Create {
    /// Billing address.
    pub address: Option<Address>,
    /// Credit or debt, in minor units of the account's currency.
    pub balance: i64,
    /// A business' name.
    pub business_name: Option<String>,
    /// The account's words.
    pub description: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// A person's name.
    pub individual_name: Option<String>,
    /// The head of invoice numbers.
    pub invoice_prefix: Option<String>,
    /// What invoices print below their lines.
    pub invoice_footer: Option<String>,
    /// `invoice_settings[default_payment_method]`.
    pub default_method: Option<DefaultMethod>,
    /// The caller's notes.
    pub metadata: Metadata,
    /// Full name.
    pub name: Option<String>,
    /// Counts invoices.
    pub next_invoice_sequence: Option<i64>,
    /// What is attached.
    pub method: Option<MethodChoice>,
    /// Phone number.
    pub phone: Option<String>,
    /// Languages, most wanted first.
    pub preferred_locales: Vec<String>,
    /// Where goods go.
    pub shipping: Option<Shipping>,
    /// Whether tax is owed.
    pub tax_exempt: Option<TaxExempt>,
    /// The clock of its billing.
    pub test_clock: Option<Ref<TestClockId>>,
}

impl Create {
    /// Makes the customer. A method that comes with it is checked first: where the issuer says
    /// no there is no customer.
    ///
    /// # Errors
    /// When the method can't be attached, or another one is to be the default.
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        if let Some(DefaultMethod::Other(method)) = &self.default_method {
            let method = method.clone();
            return Err(Why::Method(MethodRefused::DefaultNotAttached {
                method,
                param: DEFAULT_METHOD,
            })
            .into());
        }
        if let Some(clock) = &self.test_clock {
            let clock = clock.clock(case, Place::Param("test_clock"))?;
            case.rely_on::<TestClock>(clock.id);
        }
        let id = case.mint.id(CustomerId::new);
        let prefix = case.mint.text::<8>().to_uppercase();
        let passed = match &self.method {
            None => None,
            Some(choice) => {
                let method = choose::choose(case, choice, Place::Param("payment_method"))?;
                attach::refuse_unless_free(&method)?;
                match attach::check(case, method)? {
                    Attachable::Passed(passed) => Some(passed),
                    Attachable::Declined(answer) => return Ok(*answer),
                }
            }
        };
        let default = passed.as_ref().filter(|_| self.default_method.is_some());
        let default = default.map(|passed| passed.method.id);
        let customer = self.made(case, id, prefix, default);
        case.put(customer.clone());
        case.tell(EventType::CustomerCreated, customer.clone());
        if let Some(passed) = passed {
            attach::attach(case, passed, id)?;
        }
        Ok(Answer::shown(customer))
    }

    fn made(
        self,
        case: &Case<'_>,
        id: CustomerId,
        prefix: String,
        default: Option<PaymentMethodId>,
    ) -> Customer {
        let mut customer = Customer {
            id,
            created: case.now(),
            deleted: false,
            address: self.address,
            balance: 0,
            business_name: self.business_name,
            currency: None,
            description: self.description,
            email: self.email,
            individual_name: self.individual_name,
            invoice_prefix: self.invoice_prefix.unwrap_or(prefix),
            invoice_footer: self.invoice_footer,
            default_payment_method: default,
            metadata: self.metadata,
            name: self.name,
            next_invoice_sequence: self.next_invoice_sequence.unwrap_or(1),
            phone: self.phone,
            preferred_locales: self.preferred_locales,
            shipping: self.shipping,
            tax_exempt: self.tax_exempt.unwrap_or(TaxExempt::None),
            test_clock: self.test_clock.and_then(|clock| clock.id),
        };
        customer.set_balance(self.balance, case.account());
        customer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::Agreement;
    use crate::id::PaymentMethodId;
    use crate::payment_method::PaymentMethod;
    use crate::rehearsal::{World, card, declined, shown};

    fn create(world: &mut World, create: Create) -> Result<Answer, Why> {
        world.run(|case| create.clone().decide(case)).map_err(|refusal| refusal.why)
    }

    fn alias() -> Option<MethodChoice> {
        Some(MethodChoice::New(Box::new(card())))
    }

    #[test]
    fn an_empty_call_makes_a_customer() {
        let mut world = World::new();
        let answer = create(&mut world, Create::default()).unwrap();
        let customer: Customer = shown(&answer);
        assert_eq!((customer.balance, customer.currency), (0, None));
        assert_eq!((customer.next_invoice_sequence, customer.tax_exempt), (1, TaxExempt::None));
        let prefix = &customer.invoice_prefix;
        let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        assert!(prefix.len() == 8 && prefix.chars().all(plain), "{prefix}");
        assert_eq!(world.told(), ["customer.created"]);
    }

    #[test]
    fn a_balance_stamps_the_accounts_currency() {
        let mut world = World::new();
        let answer = create(&mut world, Create { balance: -500, ..Create::default() }).unwrap();
        let customer: Customer = shown(&answer);
        assert_eq!(
            (customer.balance, customer.currency),
            (-500, Some(world.account.default_currency))
        );
    }

    #[test]
    fn a_method_is_attached_and_may_be_the_default_in_one_call() {
        for default_method in [None, Some(DefaultMethod::TheAttached)] {
            let mut world = World::new();
            let is_default = default_method.is_some();
            let call = Create { method: alias(), default_method, ..Create::default() };
            let customer: Customer = shown(&create(&mut world, call).unwrap());
            let methods = world.all::<PaymentMethod>();
            let [method] = &methods[..] else { panic!("{methods:?}") };
            assert_eq!(method.customer(), Some(customer.id));
            let default = is_default.then_some(method.id);
            assert_eq!(customer.default_payment_method, default);
            assert_eq!(world.get::<Customer>(customer.id), customer);
            assert_eq!(world.all::<Agreement>().len(), 1);
            assert_eq!(world.told(), ["customer.created", "payment_method.attached"]);
        }
    }

    #[test]
    fn a_declined_card_leaves_no_customer() {
        let mut world = World::new();
        world.network = |_| declined("01");
        let call = Create { method: alias(), ..Create::default() };
        let answer = create(&mut world, call).unwrap();
        assert!(matches!(answer, Answer::Failed { about: None, .. }), "{answer:?}");
        assert_eq!(world.all::<Customer>(), []);
        assert_eq!(world.told(), [""; 0]);
    }

    #[test]
    fn refusals_come_before_the_bank_is_asked() {
        let mut world = World::new();
        let owner = world.customer();
        let mut saved = world.method();
        saved.standing = crate::payment_method::Standing::Attached(owner);
        world.set(saved.clone());
        let known = |id: PaymentMethodId| Some(MethodChoice::Known(Ref::new(id.to_string())));
        let call = Create { method: known(saved.id), ..Create::default() };
        assert_eq!(create(&mut world, call), Err(Why::Method(MethodRefused::AttachedElsewhere)));
        let other = DefaultMethod::Other("pm_other".to_owned());
        let call = Create { method: alias(), default_method: Some(other), ..Create::default() };
        let method = "pm_other".to_owned();
        let refused =
            Why::Method(MethodRefused::DefaultNotAttached { method, param: DEFAULT_METHOD });
        assert_eq!(create(&mut world, call), Err(refused));
        assert_eq!((world.asked.len(), world.all::<Customer>().len()), (0, 1));
    }
}
