//! One HTTP request: read, led to its route, answered, logged.

use std::net::IpAddr;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::http::request::Parts as Head;
use hyper::{Method, Request, Response};
use onfile_store::KeyHash;
use onfile_wire::error::WireError;
use onfile_wire::form;
use onfile_wire::header::{self, Verb};
use onfile_wire::params::ParamError;
use onfile_wire::version::Version;
use onfile_wire::view::Audience;

use crate::app::App;
use crate::auth;
use crate::balance;
use crate::call::{self, Call, place};
use crate::control;
use crate::deliveries;
use crate::docs;
use crate::events;
use crate::faults::{self, Strike};
use crate::intake::{self, checked, query, read, read_form};
use crate::listening::{RequestLog, socket};
use crate::lists;
use crate::page;
use crate::pipeline::perform;
use crate::render::{self, Known};
use crate::reply::{Echo, Lost, Reply, response};
use crate::retrieve;
use crate::routes::{self, Access, Does, Found, Route};
use crate::stop::{Stop, chain};
use crate::surroundings::Stopwatch;

/// What the log says of a request: never a body, a key, a query or a name.
#[derive(Default)]
struct Line {
    route: &'static str,
    account: String,
    /// Whose call it is, and its path; only those who listen are told.
    call: Option<(KeyHash, String)>,
}

/// Answers a request, whatever happens; unless a test wants the answer to be lost.
///
/// # Errors
/// [`Lost`] ends the connection.
pub(crate) async fn answer(
    app: Arc<App>,
    request: Request<Incoming>,
    peer: IpAddr,
) -> Result<Response<Full<Bytes>>, Lost> {
    let stopwatch = Stopwatch::start();
    let mut echo = Echo { request: format!("req_{}", app.letters(14)), ..Echo::default() };
    let method = request.method().clone();
    let mut line = Line { route: "-", ..Line::default() };
    let reply = match lead(&app, request, &mut echo, &mut line).await {
        Ok(reply) => reply.to(verb(&method)),
        Err(error) => Reply::error(&error, verb(&method), &echo.base),
    };
    tracing::info!(
        request.id = echo.request,
        http.method = method.as_str(),
        http.route = line.route,
        http.status = reply.status,
        took_ms = stopwatch.took_ms(),
        account.id = line.account,
        idempotency.replayed = reply.replayed,
        fault.lost = reply.is_lost,
        "request"
    );
    if let Some((key, path)) = &line.call {
        let (method, request) = (method.as_str(), echo.request.as_str());
        let (at, status, body) = (app.surroundings.wall(), reply.status, reply.body.as_slice());
        let log = RequestLog { at, method, path, peer, request, status, body };
        app.listeners.tell_of_request(key, &log);
    }
    if reply.is_lost { Err(Lost) } else { Ok(response(reply, &echo)) }
}

/// Finds what the request is for.
async fn lead(
    app: &Arc<App>,
    request: Request<Incoming>,
    echo: &mut Echo,
    line: &mut Line,
) -> Result<Reply, WireError> {
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    intake::check_head(&head)?;
    match (&head.method, path.as_str()) {
        (&Method::OPTIONS, _) => {
            line.route = "preflight";
            let (name, value) = header::ALLOW_HEADERS;
            let own = vec![(name, value.to_owned())];
            return Ok(Reply { status: 204, own, ..Reply::default() });
        }
        (&Method::GET | &Method::HEAD, "/healthz" | "/healthcheck") => {
            line.route = "/healthz";
            return Ok(Reply::json(b"{\"status\": \"ok\"}\n".to_vec()));
        }
        (&Method::GET | &Method::HEAD, "/readyz") => {
            line.route = "/readyz";
            return ready(app, &echo.request).await;
        }
        _ => {}
    }
    let host = auth::host(&head.headers, &app.settings)?;
    echo.base = format!("http://{host}");
    if let (&Method::GET | &Method::HEAD, Some(page)) = (&head.method, docs::page(&path)) {
        line.route = "/docs";
        return Ok(page);
    }
    if let Some(rest) = path.strip_prefix("/onfile/3ds/") {
        line.route = "/onfile/3ds/{id}";
        return visit(app, &head, body, rest, echo).await;
    }
    if path == socket::PATH {
        line.route = socket::PATH;
        return socket::open(app, head);
    }
    match routes::find(&head.method, &path) {
        Found::Route(route, ids) => {
            line.route = route.template;
            api(app, Asked { route, ids, head }, body, (echo, line)).await
        }
        Found::WrongMethod => Err(WireError::method_not_allowed(head.method.as_str(), &path)),
        Found::Ours(ours) => Err(WireError::url_ours(head.method.as_str(), &path, &ours)),
        Found::Unbuilt => Err(WireError::url_unsupported(head.method.as_str(), &path, &echo.base)),
        Found::Nothing => Err(WireError::url_unknown(head.method.as_str(), &path, &echo.base)),
    }
}

/// Whether requests can be served: the store answers.
async fn ready(app: &App, request: &str) -> Result<Reply, WireError> {
    match app.store.next_due(app.surroundings.wall()).await {
        Ok(_) => Ok(Reply::json(b"{\"status\": \"ready\"}\n".to_vec())),
        Err(error) => {
            tracing::warn!(request.id = request, "not ready: {}", chain(&error));
            Err(WireError::unavailable())
        }
    }
}

/// A customer at the page of a challenge.
async fn visit(
    app: &Arc<App>,
    head: &Head,
    body: Incoming,
    id: &str,
    echo: &Echo,
) -> Result<Reply, WireError> {
    if id == "style.css" {
        return Ok(page::style());
    }
    let query = read_form(&[query(head)])?;
    let done = match head.method {
        Method::GET | Method::HEAD => page::show(app, id, &query).await,
        Method::POST => {
            let bytes = read(&head.headers, body).await?;
            let form = read_form(&[&bytes])?;
            let (app, id) = (Arc::clone(app), id.to_owned());
            let task = async move { page::answer(&app, &id, &query, &form).await };
            apart(task).await
        }
        _ => {
            let path = head.uri.path();
            return Err(WireError::method_not_allowed(head.method.as_str(), path));
        }
    };
    done.map_err(|stop| stop.told(&echo.request))
}

/// A request as its head tells it.
struct Asked {
    route: &'static Route,
    /// Of the path.
    ids: Vec<String>,
    head: Head,
}

fn verb(method: &Method) -> Verb {
    if method == Method::POST { Verb::Post } else { Verb::Other }
}

/// Why a call never began, with the version that it named, once that was known.
struct Barred {
    error: WireError,
    version: Option<Version>,
}

impl From<WireError> for Barred {
    fn from(error: WireError) -> Barred {
        Barred { error, version: None }
    }
}

/// A call of the API.
async fn api(
    app: &Arc<App>,
    asked: Asked,
    body: Incoming,
    (echo, line): (&mut Echo, &mut Line),
) -> Result<Reply, WireError> {
    let (route, method) = (asked.route, asked.head.method.clone());
    let verb = verb(&method);
    let idempotency = match verb {
        Verb::Post => call::idempotency(&asked.head.headers),
        Verb::Other => Ok(None),
    };
    echo.key = idempotency.clone().ok().flatten();
    let bytes = read(&asked.head.headers, body).await?;
    let (base, request) = (echo.base.clone(), echo.request.clone());
    let shown = |error: &WireError, version: Version| {
        Reply::error(error, verb, &base).version(version.as_str())
    };
    let call = match enter(app, asked, &bytes, idempotency, (echo, line)) {
        Ok(call) => call,
        Err(Barred { error, version: Some(version) }) => return Ok(shown(&error, version)),
        Err(Barred { error, version: None }) => return Err(error),
    };
    let version = call.version;
    let strike = call
        .world
        .as_ref()
        .and_then(|world| faults::strike(app, world, method.as_str(), &call.path));
    if strike == Some(Strike::Refuse) {
        return Ok(shown(&WireError::rate_limited(), version));
    }
    // Apart from the connection: a client that goes away stops nothing half-way, and a panic is
    // one answer.
    let app = Arc::clone(app);
    let task = async move { go(&app, route, call).await };
    let reply = match apart(task).await {
        Ok(reply) => reply,
        Err(stop) => shown(&stop.told(&request), version),
    };
    match strike {
        Some(Strike::Delay(delay)) => {
            tokio::time::sleep(delay).await;
            Ok(reply)
        }
        Some(Strike::Lose) => Ok(Reply { is_lost: true, ..reply }),
        Some(Strike::Refuse) | None => Ok(reply),
    }
}

/// Finds who calls and what for, in the order in which Stripe refuses.
fn enter(
    app: &App,
    asked: Asked,
    bytes: &[u8],
    idempotency: Result<Option<String>, WireError>,
    (echo, line): (&mut Echo, &mut Line),
) -> Result<Call, Barred> {
    let Asked { route, ids, head } = asked;
    let (headers, path) = (&head.headers, head.uri.path().to_owned());
    let form = form::parse_all(&[query(&head), bytes]);
    let known = form.as_ref().ok();
    let access = auth::access(headers, known)?;
    echo.account = call::connected_account(headers, known, access.audience);
    let version = call::version(headers, known)?;
    let barred = |error: WireError| Barred { error, version: Some(version) };
    let key = app.key_hash(&access.key);
    let (world, account, now) = place(app, &key);
    line.account.clone_from(&account.id);
    line.call = app.listeners.hear_requests().then(|| (key, path.clone()));
    if access.audience == Audience::Publishable && route.access == Access::Secret {
        return Err(barred(WireError::secret_key_required()));
    }
    let acted_for = [echo.account.clone(), call::context(headers)];
    if let Some(other) = acted_for.iter().flatten().find(|named| **named != account.id) {
        return Err(barred(WireError::account_invalid(access.key.text(), other)));
    }
    let idempotency = idempotency?;
    let form = form.map_err(|error| ParamError::from(error).into());
    let form = checked(headers, bytes).and(form).map_err(barred)?;
    Ok(Call {
        request: echo.request.clone(),
        path,
        ids,
        form,
        version,
        audience: access.audience,
        key,
        masked_key: header::mask(access.key.text()),
        idempotency,
        fixed: Vec::new(),
        base: echo.base.clone(),
        account,
        world,
        now,
    })
}

/// Does what the route says.
async fn go(app: &Arc<App>, route: &Route, call: Call) -> Result<Reply, Stop> {
    match route.does {
        Does::Perform(operation) => perform(app, call, operation).await,
        Does::Control(control) => control::steer(app, call, control).await,
        Does::List(listing) => lists::list(app, call, listing).await,
        Does::Retrieve(retrieval) => retrieve::retrieve(app, call, retrieval).await,
        Does::ListEvents => events::list(app, call).await,
        Does::RetrieveEvent => events::retrieve(app, call).await,
        Does::ListDeliveries => deliveries::list(app, call).await,
        Does::RetrieveDelivery => deliveries::retrieve(app, call).await,
        Does::Account => {
            // Other accounts than the key's own would be Connect's.
            if !call.id().is_empty() && call.id() != call.account.id {
                return Err(WireError::account_invalid(&call.masked_key, call.id()).into());
            }
            let args = call.args(onfile_wire::params::account::RETRIEVE)?;
            let answer =
                onfile_wire::expand::Answer::Object(onfile_wire::expand::Resource::Account);
            let expand = call.expand(&args, answer)?;
            let (scene, shown) = (call.scene(), call.shown(&expand));
            let body = render::object(app, scene, shown, Known::default(), &call.account);
            Ok(Reply::json(body.await?).version(call.version.as_str()))
        }
        Does::Balance => balance::retrieve(app, call).await,
        Does::Unbuilt => {
            let verb = route.verb.as_str();
            Err(WireError::url_unsupported(verb, &call.path, &call.base).into())
        }
    }
}

/// Runs something in a task of its own.
async fn apart(
    work: impl Future<Output = Result<Reply, Stop>> + Send + 'static,
) -> Result<Reply, Stop> {
    tokio::spawn(work).await.map_err(Stop::panicked("a request"))?
}
