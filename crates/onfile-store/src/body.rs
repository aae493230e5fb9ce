//! Bodies: what a row holds besides its columns, as compact JSON text.
//!
//! A body holds what is true: nothing that is `None`, empty or false. Each kind counts its shapes
//! in `v`; a member that isn't known is a fault, never a guess. Nothing is derived: a type's
//! members are named once, in the file of its kind, and a field added later stops the build there.

use onfile_domain::object::{Kind, Object};

mod adjustment;
mod agreement;
mod attempt;
mod balance_transaction;
mod bank;
mod card;
mod charge;
mod contact;
mod customer;
mod event;
mod failure;
mod gateway;
mod macros;
mod network;
mod part;
mod payment_intent;
mod payment_method;
mod reader;
mod refund;
mod setup_intent;
mod test_clock;
#[cfg(test)]
pub(crate) mod tests;
mod webhook_endpoint;
mod words;

pub(crate) use event::EventBody;
pub(crate) use part::{Part, Wrong};
pub(crate) use webhook_endpoint::DeliveryBody;

use reader::Reader;

/// Writes something as a body.
pub(crate) fn encode<T: Part>(it: &T) -> String {
    let mut out = String::with_capacity(512);
    it.write(&mut out);
    out
}

/// Reads a body.
///
/// # Errors
/// [`Wrong`] says what is wrong with it.
pub(crate) fn decode<T: Part>(text: &str) -> Result<T, Wrong> {
    let mut reader = Reader::new(text);
    let it = T::read(&mut reader)?;
    reader.end()?;
    Ok(it)
}

macro_rules! by_kind {
    ($($name:ident)*) => {
        /// Writes a row's body.
        pub(crate) fn encode_object(object: &Object) -> String {
            match object { $(Object::$name(it) => encode(&**it),)* }
        }

        /// Reads a row's body.
        ///
        /// # Errors
        /// [`Wrong`] says what is wrong with it.
        pub(crate) fn decode_object(kind: Kind, text: &str) -> Result<Object, Wrong> {
            Ok(match kind { $(Kind::$name => Object::$name(Box::new(decode(text)?)),)* })
        }

        impl Part for Object {
            fn write(&self, out: &mut String) {
                match self {
                    $(Object::$name(it) => {
                        macros::open_choice(out, stringify!($name));
                        it.write(out);
                        out.push('}');
                    })*
                }
            }

            fn read(from: &mut Reader<'_>) -> Result<Object, Wrong> {
                from.choice(|word, from| match word {
                    $(stringify!($name) => Ok(Object::$name(Box::new(Part::read(from)?))),)*
                    _ => Err(Wrong::unknown(word)),
                })
            }
        }
    };
}

by_kind! {
    Customer PaymentMethod PaymentIntent SetupIntent SetupAttempt Charge BalanceTransaction
    Agreement AgreementUse Attempt Authentication PastDecline TestClock Adjustment Refund
    WebhookEndpoint Statement
}
