//! What a list is narrowed by, where no index knows it.

use onfile_domain::object::Object;
use onfile_store::ListQuery;
use onfile_wire::params::ListFilter;

/// Whether the list is narrowed by what the store doesn't look at.
pub(super) fn is_narrowed(filter: &ListFilter, query: &ListQuery) -> bool {
    filter.email.is_some()
        || filter.allow_redisplay.is_some()
        || filter.attach_to_self.is_some()
        || filter.payment_method.is_some()
        || filter.transfer_group.is_some()
        || filter.currency.is_some()
        || !filter.types.is_empty()
        || (query.customer.is_some() && query.parent.is_some())
}

/// Whether an object belongs into the list, as far as the store doesn't look.
pub(super) fn holds(filter: &ListFilter, query: &ListQuery, object: &Object) -> bool {
    let below = query.parent.is_none() || object.parent() == query.parent;
    let fits = match object {
        Object::Customer(it) => filter.email.is_none() || it.email == filter.email,
        Object::PaymentMethod(it) => {
            filter.allow_redisplay.is_none_or(|asked| asked == it.allow_redisplay)
                && (filter.types.is_empty() || filter.types.iter().any(|kind| kind == "card"))
        }
        Object::SetupIntent(it) => {
            let holds = it.payment_method().map(|method| method.to_string());
            let holds_it = filter.payment_method.is_none() || holds == filter.payment_method;
            holds_it
                && (filter.attach_to_self.is_none() || it.attach_to_self == filter.attach_to_self)
        }
        Object::Charge(it) => {
            filter.transfer_group.is_none() || it.transfer_group == filter.transfer_group
        }
        Object::BalanceTransaction(it) => {
            let is_currency = |asked: &String| asked == it.amount.currency.code();
            filter.currency.as_ref().is_none_or(is_currency)
                && (filter.types.is_empty()
                    || filter.types.iter().any(|asked| asked == it.kind.as_str()))
        }
        Object::PaymentIntent(_)
        | Object::SetupAttempt(_)
        | Object::Agreement(_)
        | Object::AgreementUse(_)
        | Object::Attempt(_)
        | Object::Authentication(_)
        | Object::PastDecline(_)
        | Object::Statement(_)
        | Object::TestClock(_)
        | Object::Adjustment(_)
        | Object::Refund(_)
        | Object::WebhookEndpoint(_) => true,
    };
    below && fits
}
