//! Customers and their payment methods.

use super::*;

#[test]
fn methods_and_customers() {
    assert_eq!(shown(&method(), DAHLIA), recorded_method());
    let mut attached = method();
    attached.standing = Standing::Attached(customer().id);
    assert_eq!(shown(&attached, DAHLIA)["customer"], customer().id.to_string());

    let id = customer().id.to_string();
    let recorded = json!({"id": id, "object": "customer", "address": null, "balance": 0,
        "created": 1785715226, "currency": null, "customer_account": null,
        "default_source": null, "delinquent": false, "description": null, "discount": null,
        "email": "jenny@example.com", "invoice_prefix": "A6EZPRP2",
        "invoice_settings": {"custom_fields": null, "default_payment_method": null,
            "footer": null, "rendering_options": null},
        "livemode": false, "metadata": {}, "name": "Jenny", "next_invoice_sequence": 1,
        "phone": null, "preferred_locales": [], "shipping": null, "tax_exempt": "none",
        "test_clock": null});
    assert_eq!(shown(&customer(), DAHLIA), recorded);
    let mut gone = customer();
    gone.deleted = true;
    let stub = json!({"id": id, "object": "customer", "deleted": true});
    assert_eq!(shown(&gone, DAHLIA), stub);
}
