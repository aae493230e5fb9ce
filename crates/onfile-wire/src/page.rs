//! Lists and their pages (`stripe-api.md` 1.9).

use crate::form::{Hash, Value};
use crate::json::{Json, List, Object};
use crate::params::{Args, Kind, Param, ParamError};
use onfile_domain::time::WorldTime;

/// How many objects a page has when nothing is said.
pub const DEFAULT_LIMIT: i64 = 10;
/// How many a page may have.
pub const MOST: i64 = 100;

/// How many objects to list; out of range it is clamped, as Stripe does.
pub const LIMIT: Param = Param::new("limit", Kind::Integer { least: None });
/// The object before the page.
pub const STARTING_AFTER: Param = Param::new("starting_after", Kind::Id);
/// The object behind the page.
pub const ENDING_BEFORE: Param = Param::new("ending_before", Kind::Id);
/// When the objects were made.
pub const CREATED: Param = Param::new("created", Kind::Range);

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many objects, 1 to [`MOST`].
    pub limit: usize,
    /// `starting_after`, as it was written.
    pub after: Option<String>,
    /// `ending_before`, as it was written.
    pub before: Option<String>,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor<'a> {
    /// With the newest.
    Newest,
    /// After (older than) this one.
    After(&'a str),
    /// Before (newer than) this one, and next to it; the page is still newest first.
    Before(&'a str),
}

impl Default for Page {
    fn default() -> Page {
        Page { limit: 10, after: None, before: None }
    }
}

impl Page {
    /// Reads [`LIMIT`], [`STARTING_AFTER`] and [`ENDING_BEFORE`].
    pub fn parse(args: &Args) -> Page {
        let limit = args.int("limit").unwrap_or(DEFAULT_LIMIT).clamp(1, MOST);
        let text = |name| args.text(name).map(str::to_owned);
        Page {
            limit: usize::try_from(limit).unwrap_or(1),
            after: text("starting_after"),
            before: text("ending_before"),
        }
    }

    /// Where the page begins. Ask only when the ids that are there were found: an unknown one is
    /// refused before two are.
    ///
    /// # Errors
    /// Both ends were named.
    pub fn cursor(&self) -> Result<Cursor<'_>, ParamError> {
        match (&self.after, &self.before) {
            (None, None) => Ok(Cursor::Newest),
            (Some(id), None) => Ok(Cursor::After(id)),
            (None, Some(id)) => Ok(Cursor::Before(id)),
            (Some(_), Some(_)) => Err(ParamError::BothCursors),
        }
    }
}

/// Bounds of a time, both of them included; `created[gt]=5` is the same as `created[gte]=6`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The earliest instant.
    pub from: WorldTime,
    /// The latest instant.
    pub to: WorldTime,
}

impl Default for Range {
    fn default() -> Range {
        Range { from: WorldTime(i64::MIN), to: WorldTime(i64::MAX) }
    }
}

/// The names inside a range.
const BOUNDS: &[&str] = &["gt", "gte", "lt", "lte"];

impl Range {
    /// Whether an instant lies inside.
    pub fn holds(self, at: WorldTime) -> bool {
        self.from <= at && at <= self.to
    }

    /// Reads `created=5` or `created[gte]=5&created[lt]=9`.
    ///
    /// # Errors
    /// No integer, or a name that is no bound.
    pub(crate) fn parse(path: &str, value: &Value) -> Result<Range, ParamError> {
        match value {
            Value::Text(text) => {
                let at = WorldTime(crate::params::integer(text, path)?);
                Ok(Range { from: at, to: at })
            }
            Value::List(_) => Err(ParamError::hash(path)),
            Value::Hash(hash) => Range::bounds(path, hash),
        }
    }

    fn bounds(path: &str, hash: &Hash) -> Result<Range, ParamError> {
        let strangers = hash.iter().map(|(name, _)| name).filter(|name| !BOUNDS.contains(name));
        let strangers: Vec<String> = strangers.map(|name| format!("{path}[{name}]")).collect();
        if !strangers.is_empty() {
            return Err(ParamError::Unknown(strangers));
        }
        let bound = |name: &str| {
            let path = format!("{path}[{name}]");
            match hash.get(name) {
                None => Ok(None),
                Some(Value::Text(text)) => crate::params::integer(text, &path).map(Some),
                Some(Value::List(_) | Value::Hash(_)) => Err(ParamError::text(&path)),
            }
        };
        let (after, from) = (bound("gt")?, bound("gte")?);
        let (before, to) = (bound("lt")?, bound("lte")?);
        let from = from.max(after.map(|at| at.saturating_add(1))).unwrap_or(i64::MIN);
        let before = before.map(|at| at.saturating_sub(1)).unwrap_or(i64::MAX);
        let to = to.unwrap_or(i64::MAX).min(before);
        Ok(Range { from: WorldTime(from), to: WorldTime(to) })
    }
}

/// What stands around the objects of a page.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// The path of the list, without a query: SDKs ask for the next page there.
    pub url: &'a str,
    /// Whether there is more in the direction that was read.
    pub has_more: bool,
    /// How many there are in all, where that was to be included.
    pub total: Option<i64>,
    /// How many are shown: one list in two has it, undocumented (`stripe-api.md` 1.9).
    pub count: Option<usize>,
}

/// Writes a list.
pub fn list(envelope: Envelope<'_>, w: &mut Json, items: impl FnOnce(&mut List<'_>)) {
    w.object(|o| {
        o.text("object", "list");
        if let Some(count) = envelope.count {
            o.int("count", i64::try_from(count).unwrap_or(i64::MAX));
        }
        o.list("data", items);
        finish(envelope, None, o);
    });
}

/// Writes what a search found; `next` names the page that follows.
pub fn search_result(
    envelope: Envelope<'_>,
    next: Option<&str>,
    w: &mut Json,
    items: impl FnOnce(&mut List<'_>),
) {
    w.object(|o| {
        o.text("object", "search_result");
        o.list("data", items);
        finish(envelope, Some(next), o);
    });
}

fn finish(envelope: Envelope<'_>, next: Option<Option<&str>>, o: &mut Object<'_>) {
    o.flag("has_more", envelope.has_more);
    if let Some(next) = next {
        o.opt_text("next_page", next);
    }
    if let Some(total) = envelope.total {
        o.int("total_count", total);
    }
    o.text("url", envelope.url);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form;
    use crate::json::Layout;
    use crate::params::{Scope, check};
    use crate::version::Version;
    use crate::view::Audience;

    const TABLE: &[Param] = &[CREATED, ENDING_BEFORE, LIMIT, STARTING_AFTER];

    fn args(text: &str) -> Result<Args, ParamError> {
        let scope = Scope { version: Version::DEFAULT, audience: Audience::Secret };
        check(&form::parse(text.as_bytes()).unwrap(), TABLE, scope)
    }

    #[test]
    fn limits_are_clamped() {
        for (text, limit) in [
            ("", 10),
            ("limit=0", 1),
            ("limit=-5", 1),
            ("limit=3", 3),
            ("limit=100", 100),
            ("limit=101", 100),
        ] {
            assert_eq!(Page::parse(&args(text).unwrap()).limit, limit, "{text}");
        }
        let error = args("limit=x").unwrap_err();
        assert_eq!(error.code(), Some("parameter_invalid_integer"));
    }

    #[test]
    fn cursors() {
        let page = |text: &str| Page::parse(&args(text).unwrap());
        assert_eq!(page("").cursor(), Ok(Cursor::Newest));
        assert_eq!(page("starting_after=a").cursor(), Ok(Cursor::After("a")));
        assert_eq!(page("ending_before=a").cursor(), Ok(Cursor::Before("a")));
        let both = page("ending_before=a&starting_after=b");
        assert_eq!(both.cursor(), Err(ParamError::BothCursors));
    }

    #[test]
    fn ranges() {
        let all = Range::default();
        for (text, from, to) in [
            ("created=5", 5, 5),
            ("created[gte]=5", 5, all.to.0),
            ("created[gt]=5&created[lt]=9", 6, 8),
            ("created[gt]=5&created[gte]=9", 9, all.to.0),
            ("created[lte]=5&created[lt]=4", all.from.0, 3),
            ("", all.from.0, all.to.0),
        ] {
            let range = args(text).unwrap().range("created");
            assert_eq!((range.from.0, range.to.0), (from, to), "{text}");
        }
        assert!(Range { from: WorldTime(1), to: WorldTime(2) }.holds(WorldTime(2)));
        assert!(!Range { from: WorldTime(1), to: WorldTime(2) }.holds(WorldTime(3)));
        for (text, message) in [
            ("created=x", "Invalid integer: x"),
            ("created[gt]=x", "Invalid integer: x"),
            ("created[eq]=1", "Received unknown parameter: created[eq]"),
            ("created[]=1", "Invalid object"),
        ] {
            assert_eq!(args(text).unwrap_err().message(), message, "{text}");
        }
    }

    #[test]
    fn envelopes() {
        let url = "/v1/customers";
        for (count, expected) in [
            (None, r#"{"object":"list","data":["a"],"has_more":true,"url":"/v1/customers"}"#),
            (
                Some(1),
                r#"{"object":"list","count":1,"data":["a"],"has_more":true,"url":"/v1/customers"}"#,
            ),
        ] {
            let envelope = Envelope { url, has_more: true, total: None, count };
            let mut json = Json::new(Layout::Compact);
            list(envelope, &mut json, |l| l.text("a"));
            assert_eq!(String::from_utf8(json.into_bytes()).unwrap(), expected);
        }
        let url = "/v1/customers/search";
        let envelope = Envelope { url, has_more: false, total: Some(0), count: None };
        let mut json = Json::new(Layout::Compact);
        search_result(envelope, None, &mut json, |_| {});
        assert_eq!(
            String::from_utf8(json.into_bytes()).unwrap(),
            concat!(
                r#"{"object":"search_result","data":[],"has_more":false,"next_page":null,"#,
                r#""total_count":0,"url":"/v1/customers/search"}"#
            )
        );
    }
}
