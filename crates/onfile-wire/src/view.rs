//! Objects as the wire shows them.
//!
//! A view is pure: it writes what it was given, and where `expand` wants an object that is not
//! loaded, it writes the id and notes the need. The shell loads what was noted, from the same
//! snapshot, and renders again: see [`render`].

use std::fmt::Display;

use onfile_domain::time::WorldTime;

use crate::expand::Expand;
use crate::json::{Json, Layout, Object};
use crate::version::Version;

/// For whom an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The merchant's server.
    Secret,
    /// A browser: intents show the fields that a customer may see.
    Publishable,
}

/// An object that can be shown.
pub trait Show {
    /// Writes it in its place.
    fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>);
}

/// What is known of an id.
pub enum Found<'a> {
    /// The object.
    Object(&'a dyn Show),
    /// It was looked for, and is not there: its id is shown.
    Gone,
    /// It was not looked for.
    NotLoaded,
}

/// The objects that a view may use beside its own.
pub trait Loaded {
    /// The object that an id names, as the shell has loaded it.
    fn find(&self, id: &str) -> Found<'_>;

    /// The objects of a list that is included in another object (`refunds` of a charge), in
    /// order; `None` where they were not loaded. `list` is the list's path.
    fn find_list(&self, list: &str) -> Option<Vec<&dyn Show>>;
}

/// Nothing is loaded: answers without expansion, and events.
pub struct Nothing;

impl Loaded for Nothing {
    fn find(&self, _id: &str) -> Found<'_> {
        Found::NotLoaded
    }

    fn find_list(&self, _list: &str) -> Option<Vec<&dyn Show>> {
        None
    }
}

/// What a view asked for and did not find.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// Ids of objects.
    pub ids: Vec<String>,
    /// Paths of lists.
    pub lists: Vec<String>,
}

impl Needs {
    /// Whether everything was there.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.lists.is_empty()
    }
}

/// What is the same for a whole answer.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The version to write.
    pub version: Version,
    /// For whom.
    pub audience: Audience,
    /// The world's clock: some fields show only after a while.
    pub now: WorldTime,
    /// The world's mode, `livemode` on the wire.
    pub livemode: bool,
    /// Whose world it is: `acct_…`.
    pub account: &'a str,
    /// This server, as the request reached it: `http://127.0.0.1:12111`. Challenge pages are
    /// below it.
    pub base: &'a str,
}

/// What a view knows beside its object.
pub struct ViewCx<'a> {
    /// What is the same for the whole answer.
    pub frame: Frame<'a>,
    /// What to expand inside this object.
    pub expand: &'a Expand,
    loaded: &'a dyn Loaded,
    needs: &'a mut Needs,
}

impl<'a> ViewCx<'a> {
    /// The same answer, one object further in.
    pub fn inside<'b>(&'b mut self, expand: &'b Expand) -> ViewCx<'b> {
        self.framed(self.frame, expand)
    }

    /// The same answer's loaded objects in another frame: what an event tells of has its own
    /// version and moment.
    pub fn framed<'b>(&'b mut self, frame: Frame<'b>, expand: &'b Expand) -> ViewCx<'b> {
        ViewCx { frame, expand, loaded: self.loaded, needs: self.needs }
    }

    /// Writes a field that holds an id: `null`, the id, or the object where it is to be
    /// expanded. `name` is the field, and its place in `expand`.
    pub fn reference<I: Display>(&mut self, o: &mut Object<'_>, name: &'static str, id: Option<I>) {
        let place = o.field(name);
        match id {
            None => place.null(),
            Some(id) => self.reference_at(place, name, id),
        }
    }

    /// The same for a place that is open already.
    pub fn reference_at<I: Display>(&mut self, place: &mut Json, name: &str, id: I) {
        let expand: &'a Expand = self.expand;
        let Some(inside) = expand.wants(name) else {
            return place.id(id);
        };
        let loaded: &'a dyn Loaded = self.loaded;
        let text = id.to_string();
        match loaded.find(&text) {
            Found::Object(object) => object.show(place, &mut self.inside(inside)),
            Found::Gone => place.text(&text),
            Found::NotLoaded => {
                note(&mut self.needs.ids, &text);
                place.text(&text);
            }
        }
    }

    /// The objects of a list that is always part of another object, as old versions have it;
    /// empty where it must be loaded first. What they hold is expanded as `name` says.
    pub fn always(&mut self, name: &str, list: &str) -> (Vec<&'a dyn Show>, &'a Expand) {
        let expand: &'a Expand = self.expand;
        let loaded: &'a dyn Loaded = self.loaded;
        let found = loaded.find_list(list);
        if found.is_none() {
            note(&mut self.needs.lists, list);
        }
        (found.unwrap_or_default(), expand.inside(name).inside("data"))
    }

    /// The objects of a list that is included only when it is expanded: `None` where it isn't
    /// asked for (leave the field out), an empty list where it must be loaded first.
    pub fn included(&mut self, name: &str, list: &str) -> Option<(Vec<&'a dyn Show>, &'a Expand)> {
        self.expand.wants(name)?;
        Some(self.always(name, list))
    }
}

fn note(needs: &mut Vec<String>, need: &str) {
    if !needs.iter().any(|known| known == need) {
        needs.push(need.to_owned());
    }
}

/// Writes an answer. When `needs` comes back with something in it, the bytes are not yet the
/// answer: load it and render again; what can't be found must then be [`Found::Gone`].
pub fn render(
    layout: Layout,
    frame: Frame<'_>,
    expand: &Expand,
    loaded: &dyn Loaded,
    write: impl FnOnce(&mut Json, &mut ViewCx<'_>),
) -> (Vec<u8>, Needs) {
    let mut needs = Needs::default();
    let mut json = Json::new(layout);
    write(&mut json, &mut ViewCx { frame, expand, loaded, needs: &mut needs });
    (json.into_bytes(), needs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::{Answer, Resource};
    use std::collections::BTreeMap;

    struct Charge;
    struct Customer;

    impl Show for Charge {
        fn show(&self, w: &mut Json, cx: &mut ViewCx<'_>) {
            w.object(|o| {
                o.text("id", "ch_1");
                cx.reference(o, "customer", Some("cus_1"));
                cx.reference(o, "payment_intent", None::<&str>);
                if let Some((refunds, inside)) = cx.included("refunds", "/refunds") {
                    o.list("refunds", |l| {
                        for refund in refunds {
                            refund.show(l.item(), &mut cx.inside(inside));
                        }
                    });
                }
            });
        }
    }

    impl Show for Customer {
        fn show(&self, w: &mut Json, _cx: &mut ViewCx<'_>) {
            w.object(|o| o.text("id", "cus_1"));
        }
    }

    #[derive(Default)]
    struct World {
        objects: BTreeMap<&'static str, Box<dyn Show>>,
        refunds: Option<Vec<Box<dyn Show>>>,
    }

    impl Loaded for World {
        fn find(&self, id: &str) -> Found<'_> {
            match self.objects.get(id) {
                Some(object) => Found::Object(object.as_ref()),
                None => Found::NotLoaded,
            }
        }

        fn find_list(&self, _list: &str) -> Option<Vec<&dyn Show>> {
            Some(self.refunds.as_ref()?.iter().map(Box::as_ref).collect())
        }
    }

    fn shown(paths: &[&str], world: &World) -> (String, Needs) {
        let frame = Frame {
            version: Version::DEFAULT,
            audience: Audience::Secret,
            now: WorldTime(0),
            livemode: false,
            account: "acct_0",
            base: "http://127.0.0.1:1",
        };
        let answer = Answer::Object(Resource::Charge);
        let expand = Expand::parse(paths, answer, frame.version, frame.audience).unwrap();
        let (bytes, needs) =
            render(Layout::Compact, frame, &expand, world, |w, cx| Charge.show(w, cx));
        (String::from_utf8(bytes).unwrap(), needs)
    }

    #[test]
    fn a_view_asks_and_is_run_again() {
        let mut world = World::default();
        let plain = r#"{"id":"ch_1","customer":"cus_1","payment_intent":null}"#;
        assert_eq!(shown(&[], &world), (plain.to_owned(), Needs::default()));

        let (_, needs) = shown(&["customer", "payment_intent", "refunds"], &world);
        assert_eq!(needs.ids, ["cus_1"]);
        assert_eq!(needs.lists, ["/refunds"]);

        world.objects.insert("cus_1", Box::new(Customer));
        world.refunds = Some(vec![Box::new(Customer)]);
        let (full, needs) = shown(&["customer", "payment_intent", "refunds"], &world);
        assert!(needs.is_empty());
        assert_eq!(
            full,
            concat!(
                r#"{"id":"ch_1","customer":{"id":"cus_1"},"payment_intent":null,"#,
                r#""refunds":[{"id":"cus_1"}]}"#
            )
        );
    }
}
